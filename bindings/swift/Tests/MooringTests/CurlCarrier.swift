import Foundation
import Mooring

/// The carrier of these tests: the package's own on Apple's systems, and on Linux the program `curl`, because Foundation there
/// can't be told whom to trust.
func ourCarrier() -> any Carrier {
    #if os(Linux)
    CurlCarrier()
    #else
    URLSessionCarrier()
    #endif
}

#if os(Linux)
/// Carries by `curl`, pinned to the authority that a request names.
private final class CurlCarrier: Carrier {
    func fetchRoot(_ url: String) async throws -> Data {
        try await run(["--insecure", url])
    }

    func carry(_ request: Request) async throws -> Data {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        // Debian's curl trusts a folder of authorities besides: an empty one takes its place.
        let nobody = folder.appendingPathComponent("nobody")
        try FileManager.default.createDirectory(at: nobody, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let authority = folder.appendingPathComponent("authority.pem")
        let body = folder.appendingPathComponent("body")
        try pem(request.authority).write(to: authority)
        try request.body.write(to: body)
        return try await run([
            "--cacert", authority.path, "--capath", nobody.path, "--header", "Content-Type: application/octet-stream",
            "--data-binary", "@\(body.path)", request.url,
        ])
    }

    /// The answer's body whatever its status, as a carrier gives it. A link that fails is curl's own exit code.
    private func run(_ words: [String]) async throws -> Data {
        let always = ["--silent", "--tlsv1.3", "--proto", "=https", "--noproxy", "*", "--max-time", "60"]
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try Running("/usr/bin/curl", always + words).bytesToItsEnd() })
            }
        }
    }
}

private func pem(_ certificate: Data) -> Data {
    let text = certificate.base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
    return Data("-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n".utf8)
}
#endif
