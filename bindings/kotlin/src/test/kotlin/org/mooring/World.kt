package org.mooring

import java.io.BufferedReader
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** Several phones, each a folder and a keystore of its own. */
internal class World(private val folder: Path) {
    fun keystore(name: String = "phone"): Keystore = SoftwareKeystore.open(folder.resolve("$name.keys").toString()).keystore()

    fun phone(name: String = "phone", keystore: Keystore = keystore(name), carrier: Carrier = HttpClientCarrier()): Phone =
        Phone(folder.resolve(name), keystore, carrier = carrier)
}

internal fun pin(text: String = "2468"): ByteArray = text.encodeToByteArray()

/** A real HQ in a process of its own. */
internal class Headquarters(private val folder: Path) : AutoCloseable {
    private val process = ProcessBuilder(PROGRAM, "serve", "--data", "$folder", "--listen", LOCAL, "--review", LOCAL)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
    private val lines: BufferedReader = process.inputReader()
    private val ready: String = generateSequence { lines.readLine() }.first { it.startsWith("ready ") }
    private val password: String by lazy { admin("add-staff", PSYCHIATRIST, "--role", "psychiatrist").word("password=") }

    /** A code for a new person of this role. */
    fun code(name: String, role: String = "responder"): String {
        admin("add-staff", name, "--role", role)
        return admin("enrol-code", "--person", name, "--address", ready.word("device=")).word("code ")
    }

    /** Sends advice at the review pages, as a psychiatrist would. */
    fun advise(case: CaseId, text: String) {
        val words = listOf(DESK, "advise", "--review", ready.word("review="), "--name", PSYCHIATRIST, "--password", password)
        val desk = ProcessBuilder(words + listOf("--case", case.text, "--text", text)).inheritIO().start()
        check(desk.waitFor() == 0) { "the psychiatrist could not advise" }
    }

    /** Both custodians' parts, each with the digits that were read to them; nothing where one refuses. */
    fun recover(request: ByteArray, digits: String): ByteArray? {
        val asked = Files.createTempDirectory(folder.parent, "asked")
        Files.write(asked.resolve("0"), request)
        for (number in 1..2) {
            val key = folder.resolve("export/custodian-$number-private-key.bin")
            val words = listOf(PROGRAM, "recover", "--digits", digits, "--custodian", "$key")
            val files = listOf("--request", "${asked.resolve("${number - 1}")}", "--out", "${asked.resolve("$number")}")
            val part = ProcessBuilder(words + files)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
            if (part.waitFor() != 0) return null
        }
        return Files.readAllBytes(asked.resolve("2"))
    }

    override fun close() {
        process.destroy()
        process.waitFor(10, TimeUnit.SECONDS)
    }

    private fun admin(vararg words: String): String {
        val admin = ProcessBuilder(PROGRAM, "admin", "--data", "$folder", *words)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
        return admin.inputReader().readText().also { check(admin.waitFor() == 0) { "mooring-hq admin ${words.first()}" } }
    }

    private fun String.word(after: String) = substringAfter(after).substringBefore(' ').trim()

    companion object {
        private const val LOCAL = "127.0.0.1:0"
        private const val PSYCHIATRIST = "Dr. Reyes"
        private val PROGRAM = named("MOORING_HQ")
        private val DESK = named("MOORING_DESK")

        private fun named(variable: String): String =
            checkNotNull(System.getenv(variable)) { "$variable names no program: run this by `cargo xtask test --only kotlin`" }
    }
}
