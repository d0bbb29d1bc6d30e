import Foundation
import MooringCore

/// What opens without unlocking, offline and in two taps: guides, numbers, and whom to reach. It holds nothing about anybody, and needs
/// neither a vault nor an enrolment.
public struct Guides: Sendable {
    private let language: String

    /// In this language (`es`), as far as the app brings it; else in its own.
    public init(language: String = Locale.current.identifier.replacingOccurrences(of: "_", with: "-")) {
        self.language = language
    }

    /// The guides, in the order of a visit.
    public func all() async -> [Guide] {
        await offMain { guides(language: $0) }
    }

    /// The numbers to leave with the person.
    public func numbers() async -> [PhoneNumber] {
        await offMain { numbersForPerson(language: $0) }
    }

    /// Whom to reach in which order, by what can work now; nothing where the pack has no ladder for it.
    ///
    /// - Parameters:
    ///   - reason: What sends somebody up the ladder.
    ///   - working: What works on this phone now.
    ///   - level: The level that is the reason, as a case shows it; may be left out where no level is.
    ///   - domain: Of which domain; may be left out likewise.
    public func climb(
        for reason: Trigger, while working: Works,
        at level: ShownLevel = ShownLevel(level: .nothingEndorsed, atLeast: true), in domain: Domain? = nil
    ) async -> LadderShown? {
        await offMain { ladder(trigger: reason, domain: domain, level: level, works: working, language: $0) }
    }

    private func offMain<T: Sendable>(_ read: @escaping @Sendable (String) -> T) async -> T {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async { [language] in
                continuation.resume(returning: read(language))
            }
        }
    }
}
