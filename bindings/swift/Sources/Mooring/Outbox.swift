import Foundation
import MooringCore

extension Phone {
    /// How many changes are on this phone only, locked or not. Nothing where no vault has said anything yet.
    public func onlyHere() async throws -> Int? {
        try await call { try $0.onlyHere() }.map(Int.init)
    }

    /// Sends HQ what lies sealed for it, while the vault is locked, set aside or gone: no PIN is needed.
    ///
    /// Where the link breaks nothing is lost: ``SealedSent/finished`` is false, and the next call goes on. Only HQ's signed word takes
    /// away what is here; an answer that is not HQ's is ``MooringCore/MooringError`` `.Refused`.
    @discardableResult
    public func sendSealed() async throws -> SealedSent {
        await exchanging.take()
        defer { exchanging.give() }
        var sent = SealedSent(changes: 0, wiped: false, finished: true)
        while let request = try await call({ try $0.outboxRequest() }) {
            guard let reply = try? await carrier.carry(request) else {
                sent.finished = false
                break
            }
            let answered = try await call { try $0.outboxReply(reply: reply) }
            sent.changes += Int(answered.named)
            sent.wiped = sent.wiped || answered.wiped
            if !answered.more { break }
        }
        return sent
    }
}

/// What sending came to.
public struct SealedSent: Hashable, Sendable {
    /// How many changes HQ says that it holds.
    public internal(set) var changes: Int
    /// Whether the vault was destroyed now, on HQ's order.
    public internal(set) var wiped: Bool
    /// Whether everything was sent. If not, the next call goes on where this one ended.
    public internal(set) var finished: Bool
}
