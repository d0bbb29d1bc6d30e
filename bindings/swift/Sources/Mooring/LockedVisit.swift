import Foundation
import MooringCore

extension Phone {
    /// Begins a visit without unlocking, on an enrolled phone: two taps and no PIN. Whether the person is under age may be unknown.
    public func beginLockedVisit(_ title: String, minor: Bool? = nil) async throws -> LockedVisit {
        LockedVisit(try await call { try $0.beginLockedVisit(title: title, minor: minor) })
    }
}

/// A visit that was begun without unlocking.
///
/// Each function returns once what it captured is on disk, sealed: this object shows it, and nobody reads it again before the vault is
/// open. Then the case is there under the same id, and this object is to be let go. That loses nothing.
public final class LockedVisit: Sendable {
    private let blocking: BlockingLockedVisit
    private let queue = DispatchQueue(label: "org.mooring.locked-visit", qos: .userInitiated)

    /// The case, under the id that it keeps.
    public let id: CaseId

    init(_ blocking: BlockingLockedVisit) {
        self.blocking = blocking
        id = blocking.caseId()
    }

    /// Everything that was captured in this visit. HQ does not know of it yet, whatever lies there sealed and unsigned.
    public func show() async throws -> CaseShown {
        try await call { try $0.show() }
    }

    /// Begins the newest protocol of this key that the app brings.
    public func start(_ key: String) async throws -> AssessmentId {
        try await call { try $0.start(protocol: key) }
    }

    /// Records an answer at the path of a step, with how it came to be told where somebody states that.
    @discardableResult
    public func answer(_ answer: Answer, at place: AnswerPlace, told: Told? = nil) async throws -> CaseShown {
        try await record(.one(answer: answer), place, told)
    }

    /// Records a value, with how it came to be told where somebody states that.
    @discardableResult
    public func answer(_ value: Value, at place: AnswerPlace, told: Told? = nil) async throws -> CaseShown {
        try await answer(.value(value), at: place, told: told)
    }

    /// Records all the options that were chosen, or all the answers of a question that repeats.
    @discardableResult
    public func answer(_ values: [Value], at place: AnswerPlace, told: Told? = nil) async throws -> CaseShown {
        try await record(.several(values: values), place, told)
    }

    /// Passes a question over for now. It stays open, and a missing answer never lowers a level.
    @discardableResult
    public func skip(_ place: AnswerPlace) async throws -> CaseShown {
        try await answer(.notNow, at: place)
    }

    private func record(_ given: Given, _ place: AnswerPlace, _ told: Told?) async throws -> CaseShown {
        try await call { visit in
            guard let told else { return try visit.answer(at: place, given: given) }
            return try visit.answerTold(at: place, given: given, told: told)
        }
    }

    private func call<T: Sendable>(_ verb: @escaping @Sendable (BlockingLockedVisit) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [blocking] in
                continuation.resume(with: Result { try verb(blocking) })
            }
        }
    }
}
