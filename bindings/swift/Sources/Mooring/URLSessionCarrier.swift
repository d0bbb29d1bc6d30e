import Foundation
import MooringCore

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Carries by `URLSession`, pinned to the authority that a request names.
///
/// On Apple's systems a delegate decides whom to trust. Foundation on Linux has no such hook, only a setting of the whole
/// process, so that there one request goes after the other: enough for tests.
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
        return try await ProcessWide.trusting(trust) {
            let session = URLSession(configuration: .ephemeral)
            defer { session.finishTasksAndInvalidate() }
            return try await session.data(for: request).0
        }
        #endif
    }
}

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
            SecTrustSetAnchorCertificates(chain, [authority] as CFArray)
            SecTrustSetAnchorCertificatesOnly(chain, true)
            if SecTrustEvaluateWithError(chain, nil) { return (.useCredential, URLCredential(trust: chain)) }
        }
        return (.cancelAuthenticationChallenge, nil)
    }
}
#else
/// Foundation on Linux reads whom to trust from the environment at each request.
private enum ProcessWide {
    private static let turn = Turn()
    private static let variable = "URLSessionCertificateAuthorityInfoFile"

    static func trusting<T: Sendable>(_ trust: Trust, _ verb: @Sendable () async throws -> T) async throws -> T {
        await turn.take()
        defer { turn.give() }
        switch trust {
        case .anybody:
            setenv(variable, "INSECURE_SSL_NO_VERIFY", 1)
            return try await verb()
        case .only(let authority):
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).pem")
            let text = authority.base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
            try Data("-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n".utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            setenv(variable, file.path, 1)
            return try await verb()
        }
    }
}
#endif
