import Foundation
import MooringCore

extension MooringError {
    /// The number that a help desk asks for.
    public var code: Int {
        switch self {
        case .Locked(let code), .WrongPin(let code, _), .Wait(let code, _), .Canceled(let code), .Vault(let code, _), .UpdateApp(let code), .NotSaved(let code, _),
            .NotFound(let code, _), .BadInput(let code, _), .BadAnswer(let code), .BadProtocol(let code, _),
            .Forbidden(let code, _), .CaseDamaged(let code, _), .Refused(let code, _), .TryLater(let code),
            .Internal(let code):
            Int(code)
        }
    }

    /// What to tell the person.
    public var words: String {
        switch self {
        case .Locked: "Locked. Enter your PIN."
        case .WrongPin(_, let left): "That is not the PIN. Tries left: \(left)."
        case .Wait(_, let waitMs): "Too many wrong PINs. Wait \((waitMs + 999) / 1000) seconds."
        case .Canceled: "Not shown, or not known. Try again, or enter your PIN."
        case .Vault(_, .rolledBack): "This phone holds an older state than it has seen. What is missing comes back with the next exchange."
        case .Vault: "The vault on this phone does not open. Nothing was deleted. Call your help desk."
        case .UpdateApp: "This was written by a newer version. Update the app."
        case .NotSaved(_, let why):
            why == .noSpace ? "Not saved: this phone is full. What was saved before is still there." : "Not saved. Try again."
        case .NotFound: "It is not on this phone."
        case .BadInput(_, let what):
            switch what {
            case .reason: "A reason is needed."
            case .length: "Too long, or empty."
            case .pin: "Choose a longer PIN."
            case .enrolmentCode: "This is no enrolment code."
            case .stale: "The values have changed. Look again."
            case .order: "Not possible now."
            case .id: "Something is wrong in this app."
            }
        case .BadAnswer: "The question does not take this answer."
        case .BadProtocol: "This questionnaire has faults."
        case .Forbidden(_, let who):
            switch who {
            case .notEnrolled: "Enrol this phone first."
            case .needsRole: "A psychiatrist, or a clinician other than the author, may."
            case .notTheAuthor: "Only its author may."
            case .needsLease: "The lease of this phone is over. Exchange with headquarters, or break the glass."
            }
        case .CaseDamaged: "This case can't be read on this phone. All others can; nothing was deleted."
        case .Refused: "The answer from headquarters was not taken."
        case .TryLater: "Busy. Try again."
        case .Internal: "Something went wrong. What was saved is safe."
        }
    }
}
