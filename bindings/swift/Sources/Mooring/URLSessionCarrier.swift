import Foundation
import MooringCore

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif
#if canImport(Security)
import Security
#endif

/// Carries by `URLSession`, pinned to the authority that a request names.
///
/// A delegate decides whom to trust, and only Apple's systems ask it. Elsewhere every request is refused with ``CannotPin``
/// before anything is sent: bring a ``Carrier`` of your own there.
public final class URLSessionCarrier: Carrier {
    private let patience: TimeInterval

    /// - Parameter patience: How long one request may take, in seconds.
    public init(patience: TimeInterval = 60) {
        self.patience = patience
    }

    /// Fetches HQ's root, trusting whoever answers.
    public func fetchRoot(_ url: String) async throws -> Data {
        try await body(try request(url), trust: .anybody)
    }

    /// Carries a request, trusting its authority alone.
    public func carry(_ request: Request) async throws -> Data {
        var post = try self.request(request.url)
        post.httpMethod = "POST"
        post.setValue("application/octet-stream", forHTTPHeaderField: "Content-Type")
        post.httpBody = request.body
        return try await body(post, trust: .only(request.authority))
    }

    private func request(_ url: String) throws -> URLRequest {
        guard let url = URL(string: url) else { throw URLError(.badURL) }
        return URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: patience)
    }

    private func body(_ request: URLRequest, trust: Trust) async throws -> Data {
        #if canImport(Security)
        let settings = URLSessionConfiguration.ephemeral
        settings.tlsMinimumSupportedProtocolVersion = .TLSv13
        let session = URLSession(configuration: settings, delegate: Trusting(trust), delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        return try await session.data(for: request).0
        #else
        throw CannotPin()
        #endif
    }
}

/// This system's Foundation can't be told to trust one authority and no other, so nothing was sent.
public struct CannotPin: Error {}

/// Whom to trust.
enum Trust: Sendable {
    /// Whoever answers: for the root alone, which the enrolment code's fingerprint checks.
    case anybody
    /// This authority, as DER, and no other.
    case only(Data)
}

#if canImport(Security)
/// Answers the one question of a connection: is this HQ?
private final class Trusting: NSObject, URLSessionDelegate, Sendable {
    private let trust: Trust

    init(_ trust: Trust) { self.trust = trust }

    func urlSession(
        _ session: URLSession, didReceive challenge: URLAuthenticationChallenge
    ) async -> (URLSession.AuthChallengeDisposition, URLCredential?) {
        guard let chain = challenge.protectionSpace.serverTrust else { return (.performDefaultHandling, nil) }
        switch trust {
        case .anybody:
            return (.useCredential, URLCredential(trust: chain))
        case .only(let authority):
            guard let authority = SecCertificateCreateWithData(nil, authority as CFData) else { break }
            // An anchor that could not be set would leave the system's own in its place.
            guard SecTrustSetAnchorCertificates(chain, [authority] as CFArray) == errSecSuccess,
                SecTrustSetAnchorCertificatesOnly(chain, true) == errSecSuccess
            else { break }
            if SecTrustEvaluateWithError(chain, nil) { return (.useCredential, URLCredential(trust: chain)) }
        }
        return (.cancelAuthenticationChallenge, nil)
    }
}
#endif
