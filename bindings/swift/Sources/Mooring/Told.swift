import Foundation
import MooringCore

extension Told {
    /// How an answer came to be told. What nobody states is left out.
    ///
    /// - Parameters:
    ///   - saidBy: Where it comes from.
    ///   - askedBy: Who asked, where that is not whoever enters it.
    ///   - language: The language of the wording that was used, as a BCP 47 tag.
    ///   - saidAt: When it was said, where it is entered later.
    public init(saidBy: SaidBy? = nil, askedBy: String? = nil, language: String? = nil, saidAt: Date? = nil) {
        let seconds = saidAt.flatMap { Int64(exactly: $0.timeIntervalSince1970.rounded(.down)) }
        self.init(saidBy: saidBy, askedBy: askedBy, language: language, saidAtS: seconds)
    }

    /// When it was said, where that was stated.
    public var saidAt: Date? {
        saidAtS.map { Date(timeIntervalSince1970: TimeInterval($0)) }
    }
}
