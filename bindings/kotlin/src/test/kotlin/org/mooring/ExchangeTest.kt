package org.mooring

import java.io.IOException
import java.nio.file.Path
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.io.TempDir

/** Over a real HQ: MOORING_HQ names its program, which `cargo build -p mooring-hq` builds. */
class ExchangeTest {
    @TempDir lateinit var folder: Path

    private val world by lazy { World(folder) }

    @Test
    fun `two phones differ, both answers are kept, and the author settles upward`() = runBlocking<Unit> {
        Headquarters(folder.resolve("hq")).use { hq ->
            val ana = joined(hq, "Ana")
            val ben = joined(hq, "Ben")
            val case = ana.newCase("Elm Street")
            val interview = ana.start(case, "suicide-risk-interview")
            assertTrue(ana.exchange().finished)
            ana.addToTeam(case, ana.colleagues().first { it.name == "Ben" }.person)
            for (phone in listOf(ana, ben)) assertTrue(phone.exchange().finished)
            val path = ana.show(case).assessment(interview)!!.steps.first { it.kind == StepKind.QUESTION }.path
            val place = AnswerPlace(case, interview, path)
            ana.answer(place, Value.Boolean(true))
            ben.answer(place, Value.Boolean(false))
            for (phone in listOf(ana, ben, ana)) assertTrue(phone.exchange().finished)
            val contested = ana.place(place)
            assertTrue(contested.contested)
            assertEquals(2, contested.values.size)
            assertEquals(setOf("Ana", "Ben"), contested.values.map { it.said.by }.toSet())
            val yes = contested.values.first { it.answer == Answer.Value(Value.Boolean(true)) }
            ana.settle(place, contested, yes.id, "we asked again, together")
            assertFalse(ana.place(place).contested)
            assertTrue(ana.show(case).sync.words.startsWith("at HQ"))
            listOf(ana, ben).forEach { it.close() }
        }
    }

    @Test
    fun `a link that breaks loses nothing, and the next exchange goes on`() = runBlocking<Unit> {
        Headquarters(folder.resolve("hq")).use { hq ->
            val link = Breaking(HttpClientCarrier())
            joined(hq, "Ana", link).use { ana ->
                val case = ana.newCase("Elm Street")
                link.broken = true
                assertFalse(ana.exchange().finished)
                assertTrue(ana.show(case).sync.words.startsWith("HQ does not know yet"))
                link.broken = false
                val progress = mutableListOf<ExchangeProgress>()
                assertTrue(ana.exchange(progress::add).finished)
                assertTrue(progress.last().bytesSent > 0)
                assertTrue(ana.show(case).sync.words.startsWith("at HQ"))
            }
        }
    }

    @Test
    fun `another HQ than the code's is refused, and a pinned phone talks to no other`() = runBlocking<Unit> {
        Headquarters(folder.resolve("hq")).use { hq ->
            Headquarters(folder.resolve("other")).use { other ->
                val elsewhere = Redirecting(HttpClientCarrier(), rootAddress(other.code("Eve")).removeSuffix("/v0/root"))
                world.phone("ana", carrier = elsewhere).use { ana ->
                    ana.create(pin())
                    val refused = assertThrows(MooringException.Refused::class.java) { runBlocking { ana.enrol(hq.code("Ana")) } }
                    assertEquals(NotTaken.Fingerprint, refused.why)
                }
                joined(hq, "Ben").use { ben ->
                    val answered = HttpClientCarrier()
                    val request = (ben.blocking.beginExchange(null) as Carry.Send).request
                    val moved = request.copy(url = elsewhere.base + "/v0/exchange")
                    assertThrows(IOException::class.java) { answered.carry(moved) }
                }
            }
        }
    }

    @Test
    fun `the carrier of Android carries as well, and is as particular about HQ`() = runBlocking<Unit> {
        Headquarters(folder.resolve("hq")).use { hq ->
            Headquarters(folder.resolve("other")).use { other ->
                val carrier = OkHttpCarrier()
                joined(hq, "Ana", carrier).use { ana ->
                    ana.newCase("Elm Street")
                    assertTrue(ana.exchange().finished)
                    val request = (ana.blocking.beginExchange(null) as Carry.Send).request
                    val base = rootAddress(other.code("Eve")).removeSuffix("/root")
                    assertThrows(IOException::class.java) { carrier.carry(request.copy(url = "$base/exchange")) }
                }
            }
        }
    }

    private suspend fun joined(hq: Headquarters, name: String, carrier: Carrier = HttpClientCarrier()): Phone =
        world.phone(name, carrier = carrier).also {
            it.create(pin())
            assertEquals(name, it.enrol(hq.code(name)).name)
        }

    private suspend fun Phone.place(at: AnswerPlace): PlaceShown =
        show(at.case).assessment(at.assessment)!!.places.first { it.path == at.path }
}

private class Breaking(private val inner: Carrier) : Carrier by inner {
    var broken = false

    override fun carry(request: Request): ByteArray = if (broken) throw IOException("no link") else inner.carry(request)
}

/** Fetches the root from another HQ, as somebody between would. */
private class Redirecting(private val inner: Carrier, val base: String) : Carrier by inner {
    override fun fetchRoot(url: String): ByteArray = inner.fetchRoot("$base/v0/root")
}
