// Just enough of Apple's Security, and of what Foundation has there alone, for a compiler on Linux to check the types of what only
// Apple's compilers see otherwise. Nothing of it is ever run.
@_exported import Foundation
@_exported import FoundationNetworking

public typealias CFData = Data
public typealias CFArray = [SecCertificate]
public typealias OSStatus = Int32

public let errSecSuccess: OSStatus = 0

public final class SecCertificate: Sendable {}
public final class SecTrust: Sendable {}
public final class CFError: Sendable {}
public final class CFAllocator: Sendable {}

public func SecCertificateCreateWithData(_ allocator: CFAllocator?, _ data: CFData) -> SecCertificate? { nil }
public func SecTrustSetAnchorCertificates(_ trust: SecTrust, _ anchors: CFArray?) -> OSStatus { -1 }
public func SecTrustSetAnchorCertificatesOnly(_ trust: SecTrust, _ only: Bool) -> OSStatus { -1 }
public func SecTrustEvaluateWithError(_ trust: SecTrust, _ error: UnsafeMutablePointer<CFError?>?) -> Bool { false }

public enum tls_protocol_version_t: Sendable { case TLSv12, TLSv13 }

extension URLSessionConfiguration {
    public var tlsMinimumSupportedProtocolVersion: tls_protocol_version_t {
        get { .TLSv12 }
        set {}
    }
}

extension URLProtectionSpace {
    public var serverTrust: SecTrust? { nil }
}

extension URLCredential {
    public convenience init(trust: SecTrust) { self.init(user: "", password: "", persistence: .none) }
}
