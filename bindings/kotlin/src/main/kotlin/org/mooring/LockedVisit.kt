package org.mooring

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext

/**
 * Begins a visit without unlocking, on an enrolled phone: two taps and no PIN.
 *
 * @param minor whether the person is under age; nothing if nobody knows.
 */
public suspend fun Phone.beginLockedVisit(title: String, minor: Boolean? = null): LockedVisit =
    call { LockedVisit(blocking.beginLockedVisit(title, minor), dispatcher) }

/**
 * A visit that was begun without unlocking. Each function returns once what it captured is on disk, sealed: this object shows it, and
 * nobody reads it again before the vault is open. Then the case is there under the same id, and this object is to be closed.
 *
 * Closing it loses nothing.
 */
public class LockedVisit internal constructor(
    private val blocking: BlockingLockedVisit,
    private val dispatcher: CoroutineDispatcher,
) : AutoCloseable {
    /** The case, under the id that it keeps. */
    public val case: CaseId = blocking.caseId()

    /** Everything that was captured in this visit. HQ does not know of it yet, whatever lies there sealed and unsigned. */
    public suspend fun show(): CaseShown = call { blocking.show() }

    /** Begins the newest protocol of this key that the app brings. */
    public suspend fun start(protocol: String): AssessmentId = call { blocking.start(protocol) }

    /** Records an answer at the path of a step, with how it came to be told where somebody states that. */
    public suspend fun answer(at: AnswerPlace, answer: Answer, told: Told? = null): CaseShown =
        record(at, Given.One(answer), told)

    /** Records a value, with how it came to be told where somebody states that. */
    public suspend fun answer(at: AnswerPlace, value: Value, told: Told? = null): CaseShown =
        answer(at, Answer.Value(value), told)

    /** Records all the options that were chosen, or all the answers of a question that repeats. */
    public suspend fun answer(at: AnswerPlace, values: List<Value>, told: Told? = null): CaseShown =
        record(at, Given.Several(values), told)

    /** Passes a question over for now. It stays open, and a missing answer never lowers a level. */
    public suspend fun skip(at: AnswerPlace): CaseShown = answer(at, Answer.NotNow)

    /** Lets the native object go. What was captured is joined when the vault is opened. */
    override fun close(): Unit = blocking.close()

    private suspend fun record(at: AnswerPlace, given: Given, told: Told?): CaseShown =
        call { if (told == null) blocking.answer(at, given) else blocking.answerTold(at, given, told) }

    private suspend fun <T> call(verb: () -> T): T = withContext(dispatcher) { verb() }
}
