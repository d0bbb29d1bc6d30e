import Foundation
import Mooring
import Testing

@Suite struct PhoneTests {
    @Test("a new phone is open and not enrolled, and opens again with its PIN")
    func create() async throws {
        let world = try World()
        #expect(try await world.phone().create(pin()) == .openNotEnrolled)
        #expect(try await world.phone().unlock(pin()) == .openNotEnrolled)
    }

    @Test("a wrong PIN says how many tries are left, and is wiped")
    func wrongPin() async throws {
        let phone = try World().phone()
        try await phone.create(pin())
        try await phone.lock()
        var bytes = Array("1357".utf8)
        let wrong = Pin(&bytes)
        #expect(bytes == [0, 0, 0, 0])
        await #expect(throws: MooringError.WrongPin(code: 101, triesLeft: 9)) { try await phone.unlock(wrong) }
    }

    @Test("an answer, a refusal and a skipped question are each what they are")
    func answers() async throws {
        let phone = try World().phone()
        try await phone.create(pin())
        let id = try await phone.newCase("A visit")
        let assessment = try await phone.start("scene-safety", in: id)
        let steps = try #require(try await phone.show(id).assessment(assessment)).steps.filter { $0.kind == .question }
        let places = steps.map { AnswerPlace(case: id, assessment: assessment, path: $0.path) }
        try await phone.answer(.declined, at: places[0])
        let saved = try await phone.skip(places[1])
        let shown = try #require(saved.shown?.assessment(assessment)).steps.filter { $0.kind == .question }
        #expect(shown[0].state == .declined)
        #expect(shown[1].state == .notNow)
        #expect(saved.shown?.sync.words.hasPrefix("HQ does not know yet") == true)
    }

    @Test("how an answer came to be told stands with it")
    func told() async throws {
        let phone = try World().phone()
        try await phone.create(pin())
        let id = try await phone.newCase("Elm Street")
        let assessment = try await phone.start("scene-safety", in: id)
        let steps = try #require(try await phone.show(id).assessment(assessment)).steps.filter { $0.kind == .question }
        let places = steps.prefix(2).map { AnswerPlace(case: id, assessment: assessment, path: $0.path) }
        let moment = Date(timeIntervalSince1970: 1_700_000_000)
        let said = Told(
            saidBy: .family, askedBy: "Ana, with an interpreter", language: "es", saidAt: moment.addingTimeInterval(0.5))
        try await phone.answer(.unsure, at: places[0], told: said)
        try await phone.answer(.unsure, at: places[1])
        let shown = try #require(try await phone.show(id).assessment(assessment)).places
        let told = places.map { at in shown.first { $0.path == at.path }?.values.first?.told }
        #expect(told == [said, nil])
        #expect(told[0]?.saidAt == moment)
    }

    @Test("a broken glass stands in the case with its reason")
    func glass() async throws {
        let phone = try World().phone()
        try await phone.create(pin())
        let id = try await phone.newCase("Elm Street")
        #expect(try await phone.mayRead() == .reads)
        await #expect(throws: MooringError.BadInput(code: 151, what: .reason)) { try await phone.breakGlass(id, reason: " ") }
        try await phone.breakGlass(id, reason: "she called again")
        let said = try await phone.show(id).timeline.filter { $0.words.contains("she called again") }
        #expect(said.count == 1)
    }

    @Test("an id that is none is answered with an error of ours")
    func noId() async throws {
        let phone = try World().phone()
        try await phone.create(pin())
        await #expect(throws: MooringError.self) { try await phone.show(CaseId(text: "none")) }
    }

    @Test("the list comes again after a new case")
    func stream() async throws {
        let phone = try World().phone()
        try await phone.create(pin())
        let watching = Task {
            for try await rows in phone.cases where !rows.isEmpty { return rows.count }
            return 0
        }
        _ = try await phone.newCase("A visit")
        #expect(try await watching.value == 1)
    }
}

/// A folder of a test's own. It is removed once nobody has a keystore of it any more, and a phone has one as long as it lives: Swift
/// lets go of what is not used again, and a phone would make its folder anew.
final class World: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func keystore(_ name: String = "phone") throws -> any Keystore {
        Kept(in: self, try SoftwareKeystore.open(file: folder.appendingPathComponent("\(name).keys").path))
    }

    func phone(_ name: String = "phone", carrier: any Carrier = ourCarrier()) throws -> Phone {
        Phone(folder: folder.appendingPathComponent(name), keystore: try keystore(name), carrier: carrier)
    }
}

/// A keystore that keeps its folder.
private final class Kept: Keystore {
    private let world: World
    private let inner: any Keystore

    init(in world: World, _ inner: any Keystore) {
        self.world = world
        self.inner = inner
    }

    func wrap(lock: KeyLock, secret: Data) throws -> Data { try inner.wrap(lock: lock, secret: secret) }
    func unwrap(lock: KeyLock, wrapped: Data) throws -> Data { try inner.unwrap(lock: lock, wrapped: wrapped) }
    func generation() throws -> Int64 { try inner.generation() }
    func raiseGeneration(to: Int64) throws { try inner.raiseGeneration(to: to) }
    func destroyKeys() throws { try inner.destroyKeys() }
}

func pin(_ text: String = "2468") -> Pin {
    var bytes = Array(text.utf8)
    return Pin(&bytes)
}
