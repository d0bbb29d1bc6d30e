import Foundation
import Mooring

/// The lines of docs/ios.md: compiled here, run by a test, and compared with the guide.
func firstAnswer(folder: URL, keystore: any Keystore, pin: Pin) async throws -> String {
    // begin
    let phone = Phone(folder: folder, keystore: keystore)
    try await phone.create(pin)  // the next time: phone.unlock(pin)
    let visit = try await phone.newCase("Elm Street 12")
    let interview = try await phone.start("suicide-risk-interview", in: visit)

    let shown = try await phone.show(visit)
    let step = shown.assessment(interview)!.steps.first { $0.kind == .question }!
    let place = AnswerPlace(case: visit, assessment: interview, path: step.path)
    let saved: Saved
    do {
        saved = try await phone.answer(.boolean(true), at: place)  // on disk once this returns
    } catch let problem as MooringError {
        throw problem  // .NotSaved: say "not saved", and keep what was typed
    }
    let words = levelWords(level: saved.shown!.risk.level)  // "Not yet known", "At least high", …
    let sync = saved.shown!.sync.words  // "HQ does not know yet"
    // end
    return "\(words); \(sync)"
}
