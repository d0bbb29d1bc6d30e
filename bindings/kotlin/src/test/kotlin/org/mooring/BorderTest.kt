package org.mooring

import java.nio.file.Files
import java.nio.file.Path
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** What the border between the languages promises. */
class BorderTest {
    @TempDir lateinit var folder: Path

    private val world by lazy { World(folder) }

    @Test
    fun `a panic below is an exception with a code and no words, and the phone is locked and whole`() = runBlocking<Unit> {
        world.phone().use { phone ->
            phone.create(pin())
            val case = phone.newCase("before")
            val panic = assertThrows(MooringException.Internal::class.java) { phone.blocking.panicOnPurpose() }
            assertEquals(201, panic.code)
            assertFalse(panic.toString().contains("canary"))
            assertThrows(MooringException.Locked::class.java) { runBlocking { phone.list() } }
            phone.unlock(pin())
            assertEquals(listOf(case), phone.list().map { it.case })
        }
    }

    @Test
    fun `a keystore that throws what nobody foresaw is tried again later, and deletes nothing`() = runBlocking<Unit> {
        world.phone().use { it.create(pin()) }
        val throwing = object : Keystore by world.keystore() {
            override fun unwrap(lock: KeyLock, wrapped: ByteArray): ByteArray = error("the keystore is upset")
        }
        world.phone(keystore = throwing).use { phone ->
            assertThrows(MooringException.TryLater::class.java) { runBlocking { phone.unlock(pin()) } }
        }
        world.phone().use { phone -> assertEquals(PhoneState.OPEN_NOT_ENROLLED, phone.unlock(pin())) }
    }

    @Test
    fun `a keystore without the key is a state of its own, and the vault opens with the right one`() = runBlocking<Unit> {
        world.phone().use { it.create(pin()) }
        world.phone(keystore = world.keystore("another")).use { phone ->
            val lost = assertThrows(MooringException.Vault::class.java) { runBlocking { phone.unlock(pin()) } }
            assertEquals(WontOpen.KEY_MISSING, lost.why)
        }
        world.phone().use { phone -> assertEquals(PhoneState.OPEN_NOT_ENROLLED, phone.unlock(pin())) }
    }

    @Test
    fun `an id that is none is bad input`() = runBlocking<Unit> {
        world.phone().use { phone ->
            phone.create(pin())
            val bad = assertThrows(MooringException.BadInput::class.java) { runBlocking { phone.show(CaseId("none")) } }
            assertEquals(NotAccepted.ID, bad.what)
            assertEquals(150, bad.code)
        }
    }

    @Test
    fun `a damaged vault says so and stays byte for byte as it is`() = runBlocking<Unit> {
        world.phone().use { it.create(pin()) }
        val database = Files.walk(folder).use { files -> files.filter { it.toString().endsWith(".db") }.findFirst().get() }
        Files.write(database, Files.readAllBytes(database).also { it[100] = (it[100] + 1).toByte() })
        val before = Files.readAllBytes(database).asList()
        world.phone().use { phone ->
            val damaged = assertThrows(MooringException.Vault::class.java) { runBlocking { phone.unlock(pin()) } }
            assertEquals(WontOpen.CORRUPT, damaged.why)
            assertEquals(before, Files.readAllBytes(database).asList())
            assertTrue(Files.isDirectory(phone.setAside()))
        }
    }

    @Test
    fun `many threads use one phone and lose nothing`() = runBlocking<Unit> {
        world.phone().use { phone ->
            phone.create(pin())
            val all = List(16) { number -> launch(Dispatchers.Default) { repeat(5) { phone.newCase("case of $number") } } }
            all.forEach { it.join() }
            assertEquals(80, phone.list().size)
        }
    }

    @Test
    fun `the lines of the guide do what it says`() = runBlocking<Unit> {
        val said = firstAnswer(folder.resolve("guide"), world.keystore(), pin())
        assertEquals("At least imminent; HQ does not know yet", said.substringBefore("; on this"))
    }
}
