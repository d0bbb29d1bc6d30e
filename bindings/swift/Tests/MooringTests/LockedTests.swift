import Foundation
import Mooring
import Testing

/// What an app can do without the PIN, and what its person can take away.
@Suite struct LockedTests {
    @Test("a visit without unlocking is the same case once the vault is open")
    func visit() async throws {
        let world = try World()
        let hq = try Headquarters(in: world.folder.appendingPathComponent("hq"))
        let phone = try world.phone()
        try await phone.create(pin())
        await #expect(throws: MooringError.Forbidden(code: 170, who: .notEnrolled)) {
            _ = try await phone.beginLockedVisit("Elm Street")
        }
        try await phone.enrol(try hq.code("Ana"))
        try await phone.lock()
        let visit = try await phone.beginLockedVisit("Elm Street")
        let interview = try await visit.start("suicide-risk-interview")
        let place = AnswerPlace(case: visit.id, assessment: interview, path: AnswerPath(text: "attempt-now"))
        let shown = try await visit.answer(.boolean(true), at: place, told: Told(saidBy: .family))
        #expect(levelWords(level: shown.risk.level) == "At least imminent")
        #expect(shown.sync.words.hasPrefix("HQ does not know yet"))
        #expect(try await visit.show() == shown)
        try await visit.skip(AnswerPlace(case: visit.id, assessment: interview, path: AnswerPath(text: "wish")))
        await #expect(throws: MooringError.Locked(code: 100)) { try await phone.list() }
        #expect(try await phone.onlyHere() == 4)
        try await phone.unlock(pin())
        let joined = try await phone.show(visit.id)
        #expect(joined.title == "Elm Street")
        #expect(joined.created?.by == "Ana")
        #expect(levelWords(level: joined.risk.level) == "At least imminent")
        #expect(try await phone.exchange().finished)
        #expect(try await phone.onlyHere() == 0)
    }

    @Test("a person wipes by the PIN alone")
    func wipe() async throws {
        let phone = try World().phone()
        try await phone.create(pin())
        _ = try await phone.newCase("Elm Street")
        await #expect(throws: MooringError.WrongPin(code: 101, triesLeft: 9)) { try await phone.wipe(pin("1357")) }
        #expect(try await phone.list().count == 1)
        #expect(try await phone.wipe(pin()) == 1)
        await #expect(throws: MooringError.Locked(code: 100)) { try await phone.list() }
        await #expect(throws: MooringError.Vault(code: 110, why: .absent)) { try await phone.unlock(pin()) }
        #expect(try await phone.create(pin()) == .openNotEnrolled)
    }

    @Test("where no custodian was named there is nobody to ask")
    func nobody() async throws {
        let phone = try World().phone()
        try await phone.create(pin())
        #expect(try await phone.restored() == false)
        try await phone.lock()
        await #expect(throws: MooringError.Vault(code: 118, why: .notSetUp)) { try await phone.beginRecovery() }
    }

    @Test("guides, numbers and the ladder need neither a vault nor a PIN")
    func guides() async throws {
        let guides = Guides(language: "es")
        let all = await guides.all()
        #expect(!all.isEmpty && all.allSatisfy { !$0.steps.isEmpty && $0.draftWording })
        #expect(await !guides.numbers().isEmpty)
        let imminent = ShownLevel(level: .imminent, atLeast: false)
        let ladder = try #require(await guides.climb(for: .level, while: .neither, at: imminent, in: .suicide))
        #expect(ladder.rungs.first?.by.contains(.emergencyCall) == true)
        #expect(await guides.climb(for: .distress, while: .neither)?.rungs.isEmpty == false)
    }

    @Test("what was tried and how agitation went stand with a guide")
    func guided() async throws {
        let phone = try World().phone()
        try await phone.create(pin())
        let id = try await phone.newCase("Elm Street")
        let guide = try await phone.start("verbal-de-escalation", in: id)
        let fresh = try #require(try await phone.show(id).assessment(guide))
        #expect(fresh.stages.contains { $0.open })
        let place = AnswerPlace(case: id, assessment: guide, path: AnswerPath(text: "agitation-before"))
        let saved = try await phone.answer(.integer(6), at: place)
        let pair = try #require(saved.shown?.assessment(guide)?.pairs.first)
        #expect(pair.words == "Agitation, 1 to 7: 6 once")
        #expect(pair.change == .unknown)
    }
}
