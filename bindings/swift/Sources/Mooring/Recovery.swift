import Foundation
import MooringCore

extension Phone {
    /// Asks the agency's two custodians, with the vault locked, to open it: where the PIN is forgotten or blocked, or this phone's
    /// keystore has lost its key. Nothing changes by asking.
    ///
    /// Carry the question's request to both, the first one first, and read them its digits by voice. Keep the question until their
    /// answer: it alone opens that. Where the agency has not named any, this is ``MooringCore/MooringError`` `.Vault` with `.notSetUp`.
    public func beginRecovery() async throws -> RecoveryQuestion {
        try await call { try $0.beginRecovery() }
    }

    /// Opens the vault with the custodians' answer to this question and no other, under a new PIN. No finger opens it until that is
    /// allowed again.
    @discardableResult
    public func finishRecovery(_ question: RecoveryQuestion, answer: Data, newPin: Pin) async throws -> PhoneState {
        try await call { try $0.finishRecovery(question: question, answer: answer, pin: newPin) }
    }

    /// Whether the open vault is older than what this phone has seen, and HQ has not said yet what it has. Say so on the screen: until
    /// the next whole exchange, what was captured since may be missing here.
    public func restored() async throws -> Bool {
        try await call { try $0.restored() }
    }

    /// Destroys the open vault, on its person's word, and gives how many changes HQ does not have: they stay sealed, and
    /// ``sendSealed()`` sends them. Where they can't be sealed, nothing is destroyed. A wrong PIN is a try like any other.
    @discardableResult
    public func wipe(_ pin: Pin) async throws -> Int {
        Int(try await call { try $0.wipe(pin: pin) })
    }
}
