import Foundation

/// The clocks of this machine.
public final class SystemWatch: Watch {
    /// The clocks of this machine.
    public init() {}

    /// Reads them.
    public func read() throws -> Reading {
        Reading(
            wallMs: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)), uptimeMs: try Self.uptimeMs(),
            boot: Self.boot)
    }

    /// Sleep counts: that is why each system is asked for another clock.
    private static func uptimeMs() throws -> Int64 {
        var time = timespec()
        #if os(Linux)
        let clock = CLOCK_BOOTTIME
        #else
        let clock = CLOCK_MONOTONIC
        #endif
        guard clock_gettime(clock, &time) == 0 else { throw WatchError.Unreadable }
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static let boot: String = {
        let kernel = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        // Without a name for this start of the machine, this process stands for it: times are then compared less far.
        return kernel ?? "process \(ProcessInfo.processInfo.globallyUniqueString)"
    }()
}
