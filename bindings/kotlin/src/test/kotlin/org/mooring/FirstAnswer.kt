package org.mooring

import java.nio.file.Path

/** The lines of docs/android.md: compiled here, run by a test, and compared with the guide. */
internal suspend fun firstAnswer(folder: Path, keystore: Keystore, pin: ByteArray): String {
    // begin
    val phone = Phone(folder, keystore)
    phone.create(pin) // the next time: phone.unlock(pin); the bytes are wiped
    val case = phone.newCase("Elm Street 12")
    val interview = phone.start(case, "suicide-risk-interview")

    val step = phone.show(case).assessment(interview)!!.steps.first { it.kind == StepKind.QUESTION }
    val place = AnswerPlace(case, interview, step.path)
    val saved = try {
        phone.answer(place, Value.Boolean(true)) // on disk once this returns
    } catch (problem: MooringException.NotSaved) {
        throw problem // say "not saved", and keep what was typed
    }
    val risk = saved.shown!!.risk
    val words = levelWords(risk.level) // "Not yet known", "At least high", …
    val sync = saved.shown.sync.words // "HQ does not know yet"
    // end
    phone.close()
    return "$words; $sync"
}
