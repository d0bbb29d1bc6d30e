import Foundation
import MooringCore

extension Phone {
    /// Makes a token to show to a partner's phone, as bytes or as a row of codes (``MooringCore/qrParts(bytes:)``): good once, and for ten
    /// minutes. Anybody may see it; what answers it can be opened by this phone only.
    public func partnerToken() async throws -> Data {
        try await call { try $0.partnerToken() }
    }

    /// Whose phone shows this token. Ask the responder whether that is who stands there before anything is given.
    public func partner(of token: Data) async throws -> Partner {
        try await call { try $0.partnerOf(token: token) }
    }

    /// Seals a case to the phone that showed this token. The case says to whom it was given.
    public func give(_ id: CaseId, toPartner token: Data) async throws -> GivenToPartner {
        try await call { try $0.giveToPartner(caseId: id, token: token) }
    }

    /// Takes a bundle that answers a token of this phone. The case is not at HQ by that: the screen says so until HQ's own word.
    @discardableResult
    public func takeFromPartner(_ bundle: Data) async throws -> TakenFromPartner {
        try await call { try $0.takeFromPartner(bundle: bundle) }
    }
}
