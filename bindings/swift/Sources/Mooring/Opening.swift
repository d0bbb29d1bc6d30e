import MooringCore

extension Phone {
    /// Opens the vault by a finger or face, which the keystore asks for, where that was allowed.
    @discardableResult
    public func unlockBiometric() async throws -> PhoneState {
        try await call { try $0.unlockBiometric() }
    }

    /// Opens a vault that is older than what this phone has seen, after the person was told that something is missing. The next
    /// exchange brings back what HQ has.
    @discardableResult
    public func unlockOlder(_ pin: Pin) async throws -> PhoneState {
        try await call { try $0.unlockOlder(pin: pin) }
    }

    /// Lets a finger or face open the vault from now on, if this is its PIN.
    public func allowBiometric(_ pin: Pin) async throws {
        try await call { try $0.allowBiometric(pin: pin) }
    }

    /// Lets only the PIN open it from now on.
    public func forbidBiometric() async throws {
        try await call { try $0.forbidBiometric() }
    }

    /// Whether a finger or face opens it.
    public func allowsBiometric() async throws -> Bool {
        try await call { try $0.allowsBiometric() }
    }

    /// Another PIN, if `old` is the present one.
    public func changePin(from old: Pin, to new: Pin) async throws {
        try await call { try $0.changePin(old: old, new: new) }
    }

    /// The app hands over to the phone's own dialer: until ``endCall()``, time does not lock.
    public func beginCall() async throws {
        try await call { try $0.beginCall() }
    }

    /// The person is back from the call.
    public func endCall() async throws {
        try await call { try $0.endCall() }
    }

    /// What may be read now. A phone to which HQ has given no lease yet reads everything.
    public func mayRead() async throws -> MayRead {
        try await call { try $0.mayRead() }
    }

    /// Opens one case of before for four hours, with a reason: written into the case, so that HQ hears of it.
    public func breakGlass(_ id: CaseId, reason: String) async throws {
        try await call { try $0.breakGlass(caseId: id, reason: reason) }
    }

    /// The name and the hazards of a case held in standby: they need no broken glass.
    public func standbyCard(_ id: CaseId) async throws -> StandbyCard {
        try await call { try $0.standbyCard(caseId: id) }
    }

    /// Everybody in HQ's directory, by name.
    public func colleagues() async throws -> [Colleague] {
        try await call { try $0.colleagues() }
    }

    /// Adds somebody of HQ's directory to the team of a case: HQ gives it to their phones when it hears of it.
    public func addToTeam(_ id: CaseId, person: PersonId) async throws {
        try await call { try $0.addToTeam(caseId: id, person: person) }
    }

    /// Closes a case, in words that say how it ended; whatever is entered afterwards opens it again.
    public func closeCase(_ id: CaseId, how: String) async throws {
        try await call { try $0.closeCase(caseId: id, how: how) }
    }
}
