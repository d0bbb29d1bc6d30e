import Foundation

/// A PIN as bytes, never as a string: it takes the bytes over, wipes yours, and wipes its own when it goes.
public final class Pin: @unchecked Sendable {
    private var bytes: Data
    private let lock = NSLock()

    /// Takes the bytes over; the array that was handed in holds zeros afterwards.
    public init(_ bytes: inout [UInt8]) {
        self.bytes = Data(bytes)
        for index in bytes.indices { bytes[index] = 0 }
    }

    deinit { bytes.resetBytes(in: 0..<bytes.count) }

    func lent<T>(_ verb: (Data) throws -> T) rethrows -> T {
        lock.lock()
        defer { lock.unlock() }
        return try verb(bytes)
    }
}
