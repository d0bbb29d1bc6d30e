package org.mooring

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.mapNotNull

/** All cases on this phone, worst first, now and whenever one changes. Nothing comes while the phone is locked. */
public val Phone.cases: Flow<List<CaseRow>>
    get() = watching({ it !is Changed.Protocols }) { blocking.list() }

/** One case, now and whenever it changes. Nothing comes while the phone is locked. */
public fun Phone.case(case: CaseId): Flow<CaseShown> =
    watching({ it !is Changed.Protocols && (it !is Changed.Case || it.case == case) }) { blocking.show(case) }

/** One assessment with its steps, now and whenever it changes. Nothing comes while the phone is locked. */
public fun Phone.assessment(case: CaseId, assessment: AssessmentId): Flow<AssessmentShown> =
    case(case).mapNotNull { it.assessment(assessment) }.distinctUntilChanged()

/** What HQ has of a case by its receipts, now and whenever that changes. Nothing comes while the phone is locked. */
public fun Phone.sync(case: CaseId): Flow<Sync> = case(case).map { it.sync }.distinctUntilChanged()

/** The assessment of this id. */
public fun CaseShown.assessment(id: AssessmentId): AssessmentShown? = assessments.find { it.id == id }

/** The step at a path: [AssessmentShown.next] goes on, [Step.back] goes back. */
public fun AssessmentShown.step(at: AnswerPath): Step? = steps.find { it.path == at }

/** All cases on this phone, worst first. */
public suspend fun Phone.list(): List<CaseRow> = call { blocking.list() }

/** The protocols that can be started here, by key, the newest of a key first. */
public suspend fun Phone.protocols(): List<ProtocolRow> = call { blocking.protocols() }

/**
 * Puts a FHIR Questionnaire, with its rules if it has any, on the shelf.
 *
 * @throws MooringException.BadProtocol with every fault and its place in the file.
 */
public suspend fun Phone.addProtocol(questionnaire: ByteArray, rules: ByteArray? = null): ProtocolRow =
    call { blocking.addProtocol(questionnaire, rules) }

/**
 * Opens a case of this title.
 *
 * @param minor whether the person is under age; nothing if nobody knows.
 */
public suspend fun Phone.newCase(title: String, minor: Boolean? = null): CaseId = call { blocking.newCase(title, minor) }

/**
 * Begins an assessment.
 *
 * @param protocol a protocol's key, which means its newest version here, or the text of a hash.
 */
public suspend fun Phone.start(case: CaseId, protocol: String): AssessmentId = call { blocking.start(case, protocol) }

/** Shows a case. That it was read is noted in the vault. */
public suspend fun Phone.show(case: CaseId): CaseShown = call { blocking.show(case) }

/**
 * Records an answer at the path of a step. Once this returns it is on disk. Answering again replaces; nothing is lost.
 *
 * @param told how it came to be told, where somebody states that: who said it, who asked, in which language, when it was said.
 */
public suspend fun Phone.answer(at: AnswerPlace, answer: Answer, told: Told? = null): Saved = record(at, Given.One(answer), told)

/** Records a value, with how it came to be told where somebody states that. */
public suspend fun Phone.answer(at: AnswerPlace, value: Value, told: Told? = null): Saved = answer(at, Answer.Value(value), told)

/**
 * Records all the options that were chosen, or all the answers of a question that repeats, with how they came to be told where
 * somebody states that.
 */
public suspend fun Phone.answer(at: AnswerPlace, values: List<Value>, told: Told? = null): Saved =
    record(at, Given.Several(values), told)

private suspend fun Phone.record(at: AnswerPlace, given: Given, told: Told?): Saved =
    call { if (told == null) blocking.answer(at, given) else blocking.answerTold(at, given, told) }

/** Passes a question over for now. It stays open, and a missing answer never lowers a level. */
public suspend fun Phone.skip(at: AnswerPlace): Saved = answer(at, Answer.NotNow)

/** Takes an answer back, with a reason. Where it was worse it goes on governing until it is confirmed. */
public suspend fun Phone.retract(at: AnswerPlace, reason: String): Saved = call { blocking.retract(at, reason) }

/** Lets earlier, worse values of an answer go, with a reason: their own author may, or whoever has the role. */
public suspend fun Phone.confirm(at: AnswerPlace, reason: String): Saved = call { blocking.confirm(at, reason) }

/**
 * Settles what people differ about.
 *
 * @param place as it was shown: a value that came since makes the settlement stale.
 * @param choice the value that holds.
 */
public suspend fun Phone.settle(at: AnswerPlace, place: PlaceShown, choice: ChangeId, reason: String): Saved =
    call { blocking.settle(at, place.toSettle, choice, reason) }

/** Accepts that something governs downward, with a reason. */
public suspend fun Phone.accept(case: CaseId, what: Acceptance, reason: String): Saved =
    call { blocking.accept(case, what, reason) }

/** Sets a domain's level by judgment, with a reason: upward at once, downward beside the level that governs. */
public suspend fun Phone.judge(case: CaseId, domain: Domain, level: Level, reason: String): Saved =
    call { blocking.judge(case, domain, level, reason) }

/** Asks HQ, with a number to call back. It is with HQ after the next exchange. */
public suspend fun Phone.ask(case: CaseId, question: String, callBack: String? = null): Saved =
    call { blocking.ask(case, question, callBack) }

/** Notes something that happened on the visit, under a short name. */
public suspend fun Phone.note(case: CaseId, kind: String, text: String = ""): Saved = call { blocking.note(case, kind, text) }

/** A person has read this advice. */
public suspend fun Phone.adviceRead(case: CaseId, advice: RecordId): Saved = call { blocking.adviceRead(case, advice) }

/** A person has acted on this advice. */
public suspend fun Phone.adviceActedOn(case: CaseId, advice: RecordId): Saved = call { blocking.adviceActedOn(case, advice) }
