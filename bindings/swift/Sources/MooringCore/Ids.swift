// The core gives them and reads them; an app keeps them and hands them back. A text that is none is answered with
// `MooringError.BadInput`.

/// Names a case.
public struct CaseId: Hashable, Sendable, Codable {
    /// Its text form, to be stored or compared, not read.
    public let text: String

    /// The one of this text.
    public init(text: String) { self.text = text }
}

/// Names an assessment: one administration of one protocol version.
public struct AssessmentId: Hashable, Sendable, Codable {
    /// Its text form, to be stored or compared, not read.
    public let text: String

    /// The one of this text.
    public init(text: String) { self.text = text }
}

/// Names a record of a case: advice, a judgment, a settlement, a review.
public struct RecordId: Hashable, Sendable, Codable {
    /// Its text form, to be stored or compared, not read.
    public let text: String

    /// The one of this text.
    public init(text: String) { self.text = text }
}

/// Names a change, and with its place the value that it wrote.
public struct ChangeId: Hashable, Sendable, Codable {
    /// Its text form, to be stored or compared, not read.
    public let text: String

    /// The one of this text.
    public init(text: String) { self.text = text }
}

/// Names a person of the agency.
public struct PersonId: Hashable, Sendable, Codable {
    /// Its text form, to be stored or compared, not read.
    public let text: String

    /// The one of this text.
    public init(text: String) { self.text = text }
}

/// Names one exact version of a protocol.
public struct ProtocolHash: Hashable, Sendable, Codable {
    /// Its text form, to be stored or compared, not read.
    public let text: String

    /// The one of this text.
    public init(text: String) { self.text = text }
}

/// Where an answer stands in its assessment, as a step or a place gives it.
public struct AnswerPath: Hashable, Sendable, Codable {
    /// Its text form, to be stored or compared, not read.
    public let text: String

    /// The one of this text.
    public init(text: String) { self.text = text }
}
