import Foundation
import MooringCore

/// Carries bytes to HQ: the only part of the package that opens a connection, and an app's to replace.
public protocol Carrier: Sendable {
    /// Fetches HQ's root by GET. Nobody is trusted yet, so any certificate will do: the core checks what comes back against
    /// the fingerprint of the enrolment code. Nothing secret may be sent.
    func fetchRoot(_ url: String) async throws -> Data

    /// Carries a request by POST as `application/octet-stream`, over TLS 1.3, trusting ``MooringCore/Request/authority`` and no
    /// other authority, and gives the answer's body whatever its status.
    func carry(_ request: Request) async throws -> Data
}
