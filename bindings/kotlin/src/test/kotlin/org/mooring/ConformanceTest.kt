package org.mooring

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.name
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Plays the scenarios that Rust and Swift play, and compares the lines. */
class ConformanceTest {
    @TempDir lateinit var folder: Path

    @Test
    fun `the scenarios print their lines`() = runBlocking<Unit> {
        val printed = scenarios("scenarios.txt").mapIndexed { number, scenario ->
            Stage(folder.resolve("$number").createDirectories()).use { stage ->
                scenario.map { line -> if (line.startsWith("=")) line else "$line -> ${stage.play(line)}".also(::println) }
            }
        }
        assertEquals(scenarios("scenarios.lines").flatten().joinToString("\n"), printed.flatten().joinToString("\n"))
    }

    /** Each with its title; those that fill a disk only where there is one. */
    private fun scenarios(name: String): List<List<String>> {
        val all = mutableListOf<MutableList<String>>()
        for (line in Files.readAllLines(Path.of("../../tests/conformance", name))) {
            if (line.startsWith("= ")) all += mutableListOf<String>()
            all.last() += line
        }
        return all.filter { scenario -> SMALL_DISK != null || scenario.none { it.startsWith("small ") } }
    }
}

/** The folder on a disk that a scenario may fill. */
private val SMALL_DISK: Path? = System.getenv("MOORING_SMALL_DISK")?.let { Path.of(it) }

private class Stage(private val folder: Path) : AutoCloseable {
    private class Begun(val case: CaseId, var assessment: AssessmentId? = null)

    private var passed = 0L
    private val watch = object : Watch {
        override fun read() = SystemWatch.read().let { Reading(it.wallMs + passed, it.uptimeMs + passed, it.boot) }
    }
    private val links = mutableMapOf<String, Cutting>()
    private val phones = mutableMapOf<String, Phone>()

    /** Where each phone's vault is, where that is not its name. */
    private val places = mutableMapOf<String, Path>()

    /** Phones whose process is gone: nobody may close their vaults in order. */
    private val killed = mutableListOf<Phone>()
    private val cases = mutableMapOf<String, Begun>()

    /** The visit that a phone began without unlocking. */
    private val visits = mutableMapOf<String, LockedVisit>()
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
            "reopen" -> { close(who); phone(who).blocking.state().words() }
            "kill" -> "killed".also { kill(who) }
            "lose" -> { close(who); open(who, "another"); "another keystore" }
            "find" -> { close(who); "its own keystore" }
            "damage" -> "damaged".also { damage(placeOf(who)) }
            "aside" -> "set aside".also { phone(who).setAside() }
            "small" -> "on a small disk".also { places[who] = SMALL_DISK!!.resolve(who) }
            "fill" -> "full".also { fill(SMALL_DISK!!.resolve("filler")) }
            "free" -> "free".also { Files.delete(SMALL_DISK!!.resolve("filler")) }
            "days" -> locked(words)
            else -> visit(words)
        }
    }

    private suspend fun visit(words: List<String>): String {
        val phone = phone(words[1])
        return when (words[0]) {
            "case" -> "made".also { cases[words[2]] = Begun(phone.newCase(words[2])) }
            "start" -> "begun".also { cases.getValue(words[2]).let { it.assessment = phone.start(it.case, words[3]) } }
            "show" -> show(phone, place(words))
            "retract" -> phone.retract(place(words), words[4]).level()
            "confirm" -> phone.confirm(place(words), words[4]).level()
            "settle" -> settle(phone, place(words), answer(words[4]))
            "judge" -> phone.judge(case(words), Domain.SUICIDE, if (words[3] == "high") Level.HIGH else Level.LOW, words[4]).level()
            "yes", "no", "refuse", "unsure", "skip" -> phone.answer(place(words), answer(words[0])).level()
            else -> withHq(words)
        }
    }

    private suspend fun withHq(words: List<String>): String {
        val who = words[1]
        return when (words[0]) {
            "enrol" -> "enrolled as ${phone(who).enrol(hq.value.code(who, words[2])).name}"
            "exchange" -> phone(who).exchange().words()
            "cut" -> cut(who).words()
            "team" -> "added".also { phone(who).addToTeam(case(words), phone(who).colleagues().first { it.name == words[3] }.person) }
            "sync" -> phone(who).show(case(words)).sync.words.split(' ').take(2).joinToString(" ")
            "ask" -> phone(who).ask(case(words), words[3]).level()
            "advise" -> "sent to the team".also { hq.value.advise(cases.getValue(who).case, words[2]) }
            "advice" -> phone(who).show(case(words)).advice.joinToString(" / ") { it.words() }
            "read" -> phone(who).adviceRead(case(words), firstAdvice(words)).level()
            "acted" -> phone(who).adviceActedOn(case(words), firstAdvice(words)).level()
            else -> locked(words)
        }
    }

    /** The acts that need no open vault, and those that take reading away. */
    private suspend fun locked(words: List<String>): String {
        val who = words.getOrElse(1) { "" }
        return when (words[0]) {
            "days" -> "three days and an hour later".also { passed += 73 * 60 * 60_000L }
            "visit" -> "begun without unlocking".also { visit(who, words[2], words[3]) }
            "capture" -> visits.getValue(who).answer(captured(words), answer(words[3])).let { "${levelWords(it.risk.level)}; ${it.sync.words}" }
            "leave" -> "left".also { visits.remove(who)?.close() }
            "here" -> phone(who).onlyHere()?.let { "$it only here" } ?: "not known"
            "send" -> "HQ holds ${phone(who).sendSealed().changes}"
            "wipe" -> "wiped, ${phone(who).wipe(pin(words[2]))} not at HQ"
            "standing" -> phone(who).mayRead().name.lowercase().replace('_', ' ')
            "glass" -> "broken".also { phone(who).breakGlass(case(words), words[3]) }
            "recover" -> recover(phone(who), pin(words[2]), words[3])
            else -> error("no act ${words[0]}")
        }
    }

    private suspend fun visit(who: String, name: String, protocol: String) {
        val visit = phone(who).beginLockedVisit(name)
        visits[who] = visit
        cases[name] = Begun(visit.case, visit.start(protocol))
    }

    /** Asks the custodians and reads them the digits, or others. */
    private suspend fun recover(phone: Phone, pin: ByteArray, read: String): String =
        phone.beginRecovery().use { question ->
            val digits = if (read == "right") question.words() else "0000 0000 0000 0000 0000"
            when (val answer = hq.value.recover(question.request(), digits)) {
                null -> "the custodians refused"
                else -> phone.finishRecovery(question, answer, pin).words()
            }
        }

    private fun captured(words: List<String>): AnswerPlace =
        cases.getValue(words[2]).let { AnswerPlace(it.case, it.assessment!!, AnswerPath(words[4])) }

    private suspend fun cut(who: String): Exchanged {
        val link = links.getValue(who)
        link.broken = true
        return phone(who).exchange().also { link.broken = false }
    }

    private suspend fun show(phone: Phone, at: AnswerPlace): String {
        val shown = phone.show(at.case)
        val place = shown.assessment(at.assessment)!!.places.first { it.path == at.path }
        val contested = if (place.contested) ", contested" else ""
        return "${place.values.map { it.words }.sorted().joinToString(" / ")}$contested; ${levelWords(shown.risk.level)}"
    }

    private suspend fun settle(phone: Phone, at: AnswerPlace, choice: Answer): String {
        val place = phone.show(at.case).assessment(at.assessment)!!.places.first { it.path == at.path }
        return phone.settle(at, place, place.values.first { it.answer == choice }.id, "asked again").level()
    }

    private suspend fun firstAdvice(words: List<String>) = phone(words[1]).show(case(words)).advice.first().id

    private fun case(words: List<String>): CaseId = cases.getValue(words[2]).case

    private fun place(words: List<String>): AnswerPlace =
        cases.getValue(words[2]).let { AnswerPlace(it.case, it.assessment!!, AnswerPath(words[3])) }

    /** What a killed process leaves is its folder as it is at that moment, with nothing closed: a copy of it goes on. */
    private fun kill(who: String) {
        val from = placeOf(who)
        val to = from.resolveSibling("${from.name}+")
        copy(from, to)
        phones.remove(who)?.let(killed::add)
        places[who] = to
    }

    private fun placeOf(who: String): Path = places[who] ?: folder.resolve(who)

    private fun phone(who: String): Phone = phones[who] ?: open(who, who)

    private fun open(who: String, keys: String): Phone {
        val keystore = SoftwareKeystore.open(folder.resolve("$keys.keys").toString()).keystore()
        val link = links.getOrPut(who) { Cutting() }
        return Phone(placeOf(who), keystore, watch, link).also { phones[who] = it }
    }

    private fun close(who: String) {
        phones.remove(who)?.close()
    }

    override fun close() {
        visits.values.forEach { it.close() }
        (phones.values + killed).forEach { it.close() }
        if (hq.isInitialized()) hq.value.close()
        SMALL_DISK?.toFile()?.listFiles()?.forEach { it.deleteRecursively() }
    }
}

/** Loses the answers of an exchange while it is broken: HQ has got what was sent, and the phone does not know. */
private class Cutting(private val inner: Carrier = HttpClientCarrier()) : Carrier by inner {
    var broken = false

    override fun carry(request: Request): ByteArray =
        inner.carry(request).also { if (broken) throw IOException("cut") }
}

private fun answer(word: String): Answer = when (word) {
    "yes" -> Answer.Value(Value.Boolean(true))
    "no" -> Answer.Value(Value.Boolean(false))
    "refuse" -> Answer.Declined
    "unsure" -> Answer.Unsure
    else -> Answer.NotNow
}

private fun PhoneState.words() = when (this) {
    PhoneState.LOCKED -> "locked"
    PhoneState.OPEN_NOT_ENROLLED -> "open, not enrolled"
    PhoneState.OPEN -> "open"
}

private fun Saved.level() = shown?.let { levelWords(it.risk.level) }.orEmpty()

private fun Exchanged.words() = if (finished) "finished" else "not finished"

private fun AdviceShown.words(): String {
    val progress = when (progress) {
        null -> "new"
        AdviceProgress.DELIVERED -> "delivered"
        AdviceProgress.READ -> "read"
        AdviceProgress.ACTED_ON -> "acted on"
    }
    return "$text: $progress${if (overtaken == true) ", written before this: call" else ""}"
}

private fun damage(folder: Path) {
    val file = Files.walk(folder).use { files -> files.filter { it.toString().endsWith(".db") }.findFirst().get() }
    Files.write(file, Files.readAllBytes(file).also { it[100] = (it[100].toInt() xor 1).toByte() })
}

private fun copy(from: Path, to: Path) {
    Files.walk(from).use { all -> all.forEach { Files.copy(it, to.resolve(from.relativize(it))) } }
}

/** Writes until nothing more goes in. */
private fun fill(file: Path) {
    Files.newOutputStream(file).use { out ->
        try {
            while (true) out.write(ByteArray(4096) { 1 })
        } catch (_: IOException) {
            return
        }
    }
}
