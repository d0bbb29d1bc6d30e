package org.mooring

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Plays the scenarios that Rust and Swift play, and compares the lines. */
class ConformanceTest {
    @TempDir lateinit var folder: Path

    @Test
    fun `the scenarios of a phone alone print their lines`() = check("alone")

    private fun check(name: String) = runBlocking<Unit> {
        val lines = mutableListOf<String>()
        var stage: Stage? = null
        for ((number, line) in read("$name.txt").withIndex()) {
            if (line.startsWith("=")) {
                stage?.close()
                stage = Stage(folder.resolve("$name-$number").createDirectories())
                lines += line
            } else {
                lines += "$line -> ${stage!!.play(line)}"
            }
        }
        stage?.close()
        assertEquals(read("$name.lines").joinToString("\n"), lines.joinToString("\n"))
    }

    private fun read(name: String) = Files.readAllLines(Path.of("../../tests/conformance", name))
}

private class Stage(private val folder: Path) : AutoCloseable {
    private class Begun(val case: CaseId, var assessment: AssessmentId? = null)

    private var passed = 0L
    private val watch = object : Watch {
        override fun read() = SystemWatch.read().let { Reading(it.wallMs + passed, it.uptimeMs + passed, it.boot) }
    }
    private val links = mutableMapOf<String, Cutting>()
    private val phones = mutableMapOf<String, Phone>()
    private val cases = mutableMapOf<String, Begun>()
    private val hq = lazy { Headquarters(folder.resolve("hq")) }

    suspend fun play(line: String): String =
        try {
            act(line.split(' '))
        } catch (wrong: MooringException.WrongPin) {
            "WrongPin ${wrong.code}, ${wrong.triesLeft} left"
        } catch (problem: MooringException) {
            "${problem.javaClass.simpleName} ${problem.code()}"
        }

    private suspend fun act(words: List<String>): String {
        val who = words.getOrElse(1) { "" }
        return when (words[0]) {
            "later" -> "a minute later".also { passed += 61_000 }
            "create" -> phone(who).create(pin(words[2])).words()
            "unlock" -> phone(who).unlock(pin(words[2])).words()
            "lock" -> phone(who).lock().words()
            "state" -> phone(who).blocking.state().words()
            "reopen" -> { close(who); phone(who).blocking.state().words() }
            "lose" -> { close(who); open(who, "another"); "another keystore" }
            "find" -> { close(who); "its own keystore" }
            "damage" -> "damaged".also { damage(folder.resolve(who)) }
            "aside" -> "set aside".also { phone(who).setAside() }
            "case" -> "made".also { cases[words[2]] = Begun(phone(who).newCase(words[2])) }
            "start" -> "begun".also { cases.getValue(words[2]).let { it.assessment = phone(who).start(it.case, words[3]) } }
            "list" -> phone(who).list().joinToString { "${it.title}: ${it.level}" }
            "enrol" -> "enrolled as ${phone(who).enrol(words.getOrElse(2) { hq.value.code(who) }).name}"
            "exchange" -> phone(who).exchange().words()
            "cut" -> { links.getValue(who).broken = true; phone(who).exchange().words().also { links.getValue(who).broken = false } }
            "sync" -> phone(who).show(cases.getValue(words[2]).case).sync.words.split(' ').take(2).joinToString(" ")
            "show" -> show(phone(who), place(words))
            "settle" -> settle(phone(who), place(words))
            "retract" -> phone(who).retract(place(words), words[4]).level()
            "confirm" -> phone(who).confirm(place(words), words[4]).level()
            "yes" -> phone(who).answer(place(words), Value.Boolean(true)).level()
            "no" -> phone(who).answer(place(words), Value.Boolean(false)).level()
            "refuse" -> phone(who).answer(place(words), Answer.Declined).level()
            "unsure" -> phone(who).answer(place(words), Answer.Unsure).level()
            "skip" -> phone(who).skip(place(words)).level()
            else -> error("no act ${words[0]}")
        }
    }

    private suspend fun show(phone: Phone, at: AnswerPlace): String {
        val shown = phone.show(at.case)
        val place = shown.assessment(at.assessment)!!.places.first { it.path == at.path }
        val contested = if (place.contested) ", contested" else ""
        return "${place.values.map { it.words }.sorted().joinToString(" / ")}$contested; ${levelWords(shown.risk.level)}"
    }

    /** For yes. */
    private suspend fun settle(phone: Phone, at: AnswerPlace): String {
        val place = phone.show(at.case).assessment(at.assessment)!!.places.first { it.path == at.path }
        val yes = place.values.first { it.answer == Answer.Value(Value.Boolean(true)) }
        return phone.settle(at, place, yes.id, "asked again").level()
    }

    private fun place(words: List<String>): AnswerPlace =
        cases.getValue(words[2]).let { AnswerPlace(it.case, it.assessment!!, AnswerPath(words[3])) }

    private fun phone(who: String): Phone = phones[who] ?: open(who, who)

    private fun open(who: String, keys: String): Phone {
        val keystore = SoftwareKeystore.open(folder.resolve("$keys.keys").toString()).keystore()
        val link = links.getOrPut(who) { Cutting() }
        return Phone(folder.resolve(who), keystore, watch, link).also { phones[who] = it }
    }

    private fun close(who: String) {
        phones.remove(who)?.close()
    }

    override fun close() {
        phones.values.forEach { it.close() }
        if (hq.isInitialized()) hq.value.close()
    }
}

/** Loses the answers of an exchange while it is broken: HQ has got what was sent, and the phone does not know. */
private class Cutting(private val inner: Carrier = HttpClientCarrier()) : Carrier by inner {
    var broken = false

    override fun carry(request: Request): ByteArray =
        inner.carry(request).also { if (broken) throw IOException("cut") }
}

private fun PhoneState.words() = when (this) {
    PhoneState.LOCKED -> "locked"
    PhoneState.OPEN_NOT_ENROLLED -> "open, not enrolled"
    PhoneState.OPEN -> "open"
}

private fun Saved.level() = shown?.let { levelWords(it.risk.level) }.orEmpty()

private fun Exchanged.words() = if (finished) "finished" else "not finished"

private fun damage(folder: Path) {
    val file = Files.walk(folder).use { files -> files.filter { it.toString().endsWith(".db") }.findFirst().get() }
    Files.write(file, Files.readAllBytes(file).also { it[100] = (it[100].toInt() xor 1).toByte() })
}
