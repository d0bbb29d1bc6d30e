import Foundation
import MooringCore

extension Phone {
    /// Joins an agency with a code that was typed or scanned. Where there is no link, the code can be used again.
    @discardableResult
    public func enrol(_ code: String) async throws -> Me {
        let root = try await carrier.fetchRoot(try rootAddress(code: code))
        let request = try await call { try $0.beginEnrolment(code: code, root: root) }
        let reply = try await carrier.carry(request)
        return try await call { try $0.finishEnrolment(reply: reply) }
    }

    /// Who uses this phone, once it is enrolled.
    public func me() async throws -> Me {
        try await call { try $0.me() }
    }

    /// Exchanges with HQ: sends what HQ lacks, fetches what this phone may hold. One at a time; a second one waits.
    ///
    /// Where the link breaks, or the task is cancelled, nothing is lost: ``MooringCore/Exchanged/finished`` is false, and the
    /// next exchange goes on.
    ///
    /// - Parameter progress: Hears how far it is, after each answer.
    @discardableResult
    public func exchange(progress: @escaping @Sendable (ExchangeProgress) -> Void = { _ in }) async throws -> Exchanged {
        await exchanging.take()
        defer { exchanging.give() }
        var next = try await call { try $0.beginExchange(listener: Hearing(progress)) }
        while true {
            switch next {
            case .done(let exchanged):
                return exchanged
            case .send(let request):
                guard let reply = try? await carrier.carry(request) else {
                    next = try await call { try $0.exchangeCut() }
                    continue
                }
                next = try await call { try $0.exchangeReply(reply: reply) }
            }
        }
    }
}

private final class Hearing: ProgressListener {
    private let tell: @Sendable (ExchangeProgress) -> Void

    init(_ tell: @escaping @Sendable (ExchangeProgress) -> Void) { self.tell = tell }

    func progressed(soFar: ExchangeProgress) { tell(soFar) }
}

/// One after the other, in the order in which they came.
final class Turn: @unchecked Sendable {
    private let lock = NSLock()
    private var taken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        await withCheckedContinuation { continuation in
            let mine = lock.withLock {
                if taken { waiting.append(continuation) }
                defer { taken = true }
                return !taken
            }
            if mine { continuation.resume() }
        }
    }

    func give() {
        let next = lock.withLock {
            if waiting.isEmpty { taken = false }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
        next?.resume()
    }
}
