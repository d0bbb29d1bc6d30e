import Foundation
import Mooring
import Testing

@Suite(.enabled(if: Headquarters.program != nil), .serialized) struct ExchangeTests {
    @Test("two phones differ, both answers are kept, and the author settles upward")
    func differ() async throws {
        let world = try World()
        let hq = try Headquarters(in: world.folder.appendingPathComponent("hq"))
        let ana = try await joined(world, hq, "Ana")
        let ben = try await joined(world, hq, "Ben")
        let visit = try await ana.newCase("Elm Street")
        let interview = try await ana.start("suicide-risk-interview", in: visit)
        try await ana.exchange()
        let colleague = try #require(try await ana.colleagues().first { $0.name == "Ben" })
        try await ana.addToTeam(visit, person: colleague.person)
        for phone in [ana, ben] {
            let done = try await phone.exchange()
            #expect(done.finished)
        }
        let step = try #require(
            try await ana.show(visit).assessment(interview)?.steps.first { $0.kind == .question })
        let place = AnswerPlace(case: visit, assessment: interview, path: step.path)
        try await ana.answer(.boolean(true), at: place)
        try await ben.answer(.boolean(false), at: place)
        for phone in [ana, ben, ana] {
            let done = try await phone.exchange()
            #expect(done.finished)
        }
        let contested = try #require(try await shown(ana, place))
        #expect(contested.contested)
        #expect(Set(contested.values.map(\.said.by)) == ["Ana", "Ben"])
        let yes = try #require(contested.values.first { $0.answer == .value(.boolean(true)) })
        try await ana.settle(place, as: contested, choice: yes.id, reason: "we asked again, together")
        let settled = try #require(try await shown(ana, place))
        #expect(!settled.contested)
        let sync = try await ana.show(visit).sync.words
        #expect(sync.hasPrefix("at HQ"))
    }

    @Test("a link that breaks loses nothing, and the next exchange goes on")
    func breaks() async throws {
        let world = try World()
        let hq = try Headquarters(in: world.folder.appendingPathComponent("hq"))
        let link = Breaking()
        let ana = try await joined(world, hq, "Ana", link)
        let visit = try await ana.newCase("Elm Street")
        link.broken = true
        let cut = try await ana.exchange()
        #expect(!cut.finished)
        let before = try await ana.show(visit).sync.words
        #expect(before.hasPrefix("HQ does not know yet"))
        link.broken = false
        let whole = try await ana.exchange()
        #expect(whole.finished)
        let after = try await ana.show(visit).sync.words
        #expect(after.hasPrefix("at HQ"))
    }

    @Test("another HQ than the code's is refused, and a pinned phone talks to no other")
    func another() async throws {
        let world = try World()
        let hq = try Headquarters(in: world.folder.appendingPathComponent("hq"))
        let other = try Headquarters(in: world.folder.appendingPathComponent("other"))
        let base = try rootAddress(code: try other.code("Eve")).replacingOccurrences(of: "/v0/root", with: "")
        let ana = try world.phone("Ana", carrier: Redirecting(base: base))
        try await ana.create(pin())
        await #expect(throws: MooringError.Refused(code: 190, why: .fingerprint)) { try await ana.enrol(try hq.code("Ana")) }

        let ben = try await joined(world, hq, "Ben")
        let watched = Watching()
        let again = try world.phone("Ben", carrier: watched)
        try await ben.lock()
        try await again.unlock(pin())
        try await again.exchange()
        let request = try #require(watched.last)
        let moved = Request(url: base + "/v0/exchange", authority: request.authority, body: request.body)
        await #expect(throws: (any Error).self) { try await ourCarrier().carry(moved) }
    }

    #if os(Linux)
    @Test("where it can't be pinned, the package's own carrier sends nothing")
    func cannotPin() async throws {
        let request = Request(url: "https://127.0.0.1:9/v0/exchange", authority: Data(), body: Data())
        await #expect(throws: CannotPin.self) { try await URLSessionCarrier().carry(request) }
        await #expect(throws: CannotPin.self) { try await URLSessionCarrier().fetchRoot("https://127.0.0.1:9/v0/root") }
    }
    #endif

    private func joined(
        _ world: World, _ hq: Headquarters, _ name: String, _ carrier: any Carrier = ourCarrier()
    ) async throws -> Phone {
        let phone = try world.phone(name, carrier: carrier)
        try await phone.create(pin())
        let me = try await phone.enrol(try hq.code(name))
        #expect(me.name == name)
        return phone
    }

    private func shown(_ phone: Phone, _ place: AnswerPlace) async throws -> PlaceShown? {
        try await phone.show(place.case).assessment(place.assessment)?.places.first { $0.path == place.path }
    }
}

/// Fetches the root from another HQ, as somebody between would.
private final class Redirecting: Carrier {
    private let inner = ourCarrier()
    private let base: String

    init(base: String) { self.base = base }

    func fetchRoot(_ url: String) async throws -> Data { try await inner.fetchRoot(base + "/v0/root") }

    func carry(_ request: Request) async throws -> Data { try await inner.carry(request) }
}

/// Remembers what it carried.
private final class Watching: Carrier, @unchecked Sendable {
    private let inner = ourCarrier()
    var last: Request?

    func fetchRoot(_ url: String) async throws -> Data { try await inner.fetchRoot(url) }

    func carry(_ request: Request) async throws -> Data {
        last = request
        return try await inner.carry(request)
    }
}

private final class Breaking: Carrier, @unchecked Sendable {
    private let inner = ourCarrier()
    var broken = false

    func fetchRoot(_ url: String) async throws -> Data { try await inner.fetchRoot(url) }

    func carry(_ request: Request) async throws -> Data {
        if broken { throw URLError(.networkConnectionLost) }
        return try await inner.carry(request)
    }
}
