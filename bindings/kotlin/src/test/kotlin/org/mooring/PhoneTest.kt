package org.mooring

import java.nio.file.Path
import java.time.Instant
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class PhoneTest {
    @TempDir lateinit var folder: Path

    private fun phone() = World(folder).phone()

    @Test
    fun `a new phone is open and not enrolled, and opens again with its PIN`() = runBlocking<Unit> {
        phone().use { assertEquals(PhoneState.OPEN_NOT_ENROLLED, it.create(pin())) }
        phone().use { assertEquals(PhoneState.OPEN_NOT_ENROLLED, it.unlock(pin())) }
    }

    @Test
    fun `a wrong PIN says how many tries are left`() = runBlocking<Unit> {
        phone().use { phone ->
            phone.create(pin())
            phone.lock()
            val wrong = failure<MooringException.WrongPin> { phone.unlock(pin("1357")) }
            assertEquals(9, wrong.triesLeft)
            assertEquals(101, wrong.code)
        }
    }

    @Test
    fun `the bytes of a PIN are wiped whatever happens`() = runBlocking<Unit> {
        phone().use { phone ->
            val right = pin()
            phone.create(right)
            assertArrayEquals(ByteArray(4), right)
            phone.lock()
            val wrong = pin("1357")
            failure<MooringException.WrongPin> { phone.unlock(wrong) }
            assertArrayEquals(ByteArray(4), wrong)
        }
    }

    @Test
    fun `another PIN opens the vault, and the old one no longer does`() = runBlocking<Unit> {
        phone().use { phone ->
            phone.create(pin())
            val new = pin("97531")
            phone.changePin(pin(), new)
            assertArrayEquals(ByteArray(5), new)
            phone.lock()
            failure<MooringException.WrongPin> { phone.unlock(pin()) }
            assertEquals(PhoneState.OPEN_NOT_ENROLLED, phone.unlock(pin("97531")))
        }
    }

    @Test
    fun `the list comes again after each new case`() = runBlocking<Unit> {
        phone().use { phone ->
            phone.create(pin())
            // A list that changed twice at once comes once: so the empty one is waited for before there is a case.
            val empty = CompletableDeferred<Unit>()
            val cases = phone.cases.onEach { if (it.isEmpty()) empty.complete(Unit) }
            val watching = async { cases.first { it.isNotEmpty() } }
            empty.await()
            phone.newCase("A case")
            assertEquals(1, watching.await().size)
        }
    }

    @Test
    fun `a refused answer, a skipped one and a value are each what they are`() = runBlocking<Unit> {
        phone().use { phone ->
            phone.create(pin())
            val case = phone.newCase("Elm Street")
            val check = phone.start(case, "scene-safety")
            val places = phone.questions(case, check).map { AnswerPlace(case, check, it.path) }
            phone.answer(places[0], Answer.Declined)
            phone.skip(places[1])
            val saved = phone.answer(places[2], Answer.Unsure)
            assertEquals(listOf(StepState.DECLINED, StepState.NOT_NOW, StepState.UNSURE), phone.questions(case, check).take(3).map { it.state })
            assertEquals(saved.unsent, phone.show(case).sync.unsent)
        }
    }

    @Test
    fun `how an answer came to be told stands with it`() = runBlocking<Unit> {
        phone().use { phone ->
            phone.create(pin())
            val case = phone.newCase("Elm Street")
            val check = phone.start(case, "scene-safety")
            val (first, second) = phone.questions(case, check).map { AnswerPlace(case, check, it.path) }
            val said = told(SaidBy.FAMILY, "Ana, with an interpreter", "es", Instant.ofEpochSecond(1_700_000_000, 999))
            phone.answer(first, Answer.Unsure, said)
            phone.answer(second, Answer.Unsure)
            val places = phone.show(case).assessment(check)!!.places
            val told = listOf(first, second).map { at -> places.first { it.path == at.path }.values.single().told }
            assertEquals(listOf(said, null), told)
            assertEquals(Instant.ofEpochSecond(1_700_000_000), told.first()?.saidAt)
        }
    }

    @Test
    fun `a broken glass stands in the case with its reason`() = runBlocking<Unit> {
        phone().use { phone ->
            phone.create(pin())
            val case = phone.newCase("Elm Street")
            assertEquals(MayRead.READS, phone.mayRead())
            failure<MooringException.BadInput> { phone.breakGlass(case, " ") }
            phone.breakGlass(case, "she called again")
            assertEquals(1, phone.show(case).timeline.count { "she called again" in it.words })
        }
    }

    @Test
    fun `an answer that is taken back goes on governing until its author confirms`() = runBlocking<Unit> {
        var passed = 0L
        val later = object : Watch {
            override fun read() = SystemWatch.read().let { Reading(it.wallMs + passed, it.uptimeMs + passed, it.boot) }
        }
        Phone(folder.resolve("phone"), World(folder).keystore(), later).use { phone ->
            phone.create(pin())
            val case = phone.newCase("Elm Street")
            val interview = phone.start(case, "suicide-risk-interview")
            val place = AnswerPlace(case, interview, AnswerPath("attempt-now"))
            val yes = phone.answer(place, Value.Boolean(true)).shown!!.risk
            passed = 61_000
            val taken = phone.retract(place, "misheard").shown!!.risk
            assertEquals(yes.level.level, taken.level.level)
            val confirmed = phone.confirm(place, "misheard").shown!!.risk
            assertEquals(Level.NOTHING_ENDORSED, confirmed.level.level)
        }
    }

    @Test
    fun `each question says where back leads, and the assessment where to go on`() = runBlocking<Unit> {
        phone().use { phone ->
            phone.create(pin())
            val case = phone.newCase("Elm Street")
            val check = phone.start(case, "scene-safety")
            val (first, second) = phone.questions(case, check)
            assertEquals(null, first.back)
            assertEquals(first.path, second.back)
            val shown = phone.skip(AnswerPlace(case, check, first.path)).shown!!.assessment(check)!!
            assertEquals(second.path, shown.next)
            assertEquals(first.path, shown.step(second.path)!!.back)
        }
    }

    private suspend fun Phone.questions(case: CaseId, assessment: AssessmentId): List<Step> =
        show(case).assessment(assessment)!!.steps.filter { it.kind == StepKind.QUESTION }

    private inline fun <reified E : Throwable> failure(crossinline verb: suspend () -> Unit): E =
        org.junit.jupiter.api.Assertions.assertThrows(E::class.java) { runBlocking { verb() } }
}
