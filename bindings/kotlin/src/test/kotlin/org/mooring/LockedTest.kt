package org.mooring

import java.nio.file.Path
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What an app can do without the PIN, and what its person can take away. */
class LockedTest {
    @TempDir lateinit var folder: Path

    private val world by lazy { World(folder) }

    @Test
    fun `a visit without unlocking is the same case once the vault is open`() = runBlocking<Unit> {
        Headquarters(folder.resolve("hq")).use { hq ->
            world.phone().use { phone ->
                phone.create(pin())
                assertEquals(NotAllowed.NOT_ENROLLED, failure<MooringException.Forbidden> { phone.beginLockedVisit("Elm Street") }.who)
                phone.enrol(hq.code("Ana"))
                phone.lock()
                val case = phone.beginLockedVisit("Elm Street").use { visit ->
                    val interview = visit.start("suicide-risk-interview")
                    val place = AnswerPlace(visit.case, interview, AnswerPath("attempt-now"))
                    val shown = visit.answer(place, Value.Boolean(true), told(SaidBy.FAMILY))
                    assertEquals("At least imminent", levelWords(shown.risk.level))
                    assertTrue(shown.sync.words.startsWith("HQ does not know yet"))
                    assertEquals(shown, visit.show())
                    visit.skip(AnswerPlace(visit.case, interview, AnswerPath("wish")))
                    visit.case
                }
                failure<MooringException.Locked> { phone.list() }
                assertEquals(4, phone.onlyHere())
                phone.unlock(pin())
                val shown = phone.show(case)
                assertEquals("Elm Street", shown.title)
                assertEquals("Ana", shown.created?.by)
                assertEquals("At least imminent", levelWords(shown.risk.level))
                assertTrue(phone.exchange().finished)
                assertEquals(0, phone.onlyHere())
            }
        }
    }

    @Test
    fun `a person wipes by the PIN alone, and its bytes are wiped too`() = runBlocking<Unit> {
        world.phone().use { phone ->
            phone.create(pin())
            phone.newCase("Elm Street")
            failure<MooringException.WrongPin> { phone.wipe(pin("1357")) }
            assertEquals(1, phone.list().size)
            val right = pin()
            assertEquals(1, phone.wipe(right))
            assertArrayEquals(ByteArray(4), right)
            failure<MooringException.Locked> { phone.list() }
            assertEquals(WontOpen.ABSENT, failure<MooringException.Vault> { phone.unlock(pin()) }.why)
            assertEquals(PhoneState.OPEN_NOT_ENROLLED, phone.create(pin()))
        }
    }

    @Test
    fun `where no custodian was named there is nobody to ask`() = runBlocking<Unit> {
        world.phone().use { phone ->
            phone.create(pin())
            assertFalse(phone.restored())
            phone.lock()
            assertEquals(WontOpen.NOT_SET_UP, failure<MooringException.Vault> { phone.beginRecovery() }.why)
        }
    }

    @Test
    fun `guides, numbers and the ladder need neither a vault nor a PIN`() = runBlocking<Unit> {
        val guides = Guides("es")
        val all = guides.all()
        assertTrue(all.isNotEmpty() && all.all { it.steps.isNotEmpty() && it.draftWording })
        assertTrue(guides.numbersForPerson().isNotEmpty())
        val imminent = ShownLevel(Level.IMMINENT, false)
        val ladder = guides.ladder(Trigger.LEVEL, Works.NEITHER, imminent, Domain.SUICIDE)!!
        assertTrue(Means.EMERGENCY_CALL in ladder.rungs.first().by)
        assertTrue(guides.ladder(Trigger.DISTRESS, Works.NEITHER)!!.rungs.isNotEmpty())
    }

    @Test
    fun `what was tried and how agitation went stand with a guide`() = runBlocking<Unit> {
        world.phone().use { phone ->
            phone.create(pin())
            val case = phone.newCase("Elm Street")
            val guide = phone.start(case, "verbal-de-escalation")
            assertTrue(phone.show(case).assessment(guide)!!.stages.any { it.open })
            val saved = phone.answer(AnswerPlace(case, guide, AnswerPath("agitation-before")), Value.Integer(6))
            val pair = saved.shown!!.assessment(guide)!!.pairs.single()
            assertEquals("Agitation, 1 to 7: 6 once", pair.words)
            assertEquals(RatingChange.UNKNOWN, pair.change)
        }
    }

    private inline fun <reified E : Throwable> failure(crossinline verb: suspend () -> Unit): E =
        assertThrows(E::class.java) { runBlocking { verb() } }
}
