import Foundation
import Mooring
import Testing

/// What the border between the languages promises.
@Suite struct BorderTests {
    @Test("a panic below is an error with a code, and the phone is locked and whole")
    func panics() async throws {
        let world = try World()
        let keystore = try world.keystore()
        let phone = BlockingPhone(dir: world.folder.appendingPathComponent("phone").path, keystore: keystore, watch: SystemWatch())
        _ = try phone.create(pin: pin())
        let visit = try phone.newCase(title: "before", minor: nil)
        #expect(throws: MooringError.Internal(code: 201)) { try phone.panicOnPurpose() }
        #expect(throws: MooringError.self) { try phone.list() }
        _ = try phone.unlock(pin: pin())
        let cases = try phone.list().map(\.case)
        #expect(cases == [visit])
    }

    @Test("a keystore that throws what nobody foresaw is tried again later, and deletes nothing")
    func upset() async throws {
        let world = try World()
        try await world.phone().create(pin())
        let upset = Phone(
            folder: world.folder.appendingPathComponent("phone"), keystore: Upset(inner: try world.keystore()))
        await #expect(throws: MooringError.TryLater(code: 198)) { try await upset.unlock(pin()) }
        #expect(try await world.phone().unlock(pin()) == .openNotEnrolled)
    }

    @Test("a keystore without the key is a state of its own")
    func keyMissing() async throws {
        let world = try World()
        try await world.phone().create(pin())
        let other = Phone(
            folder: world.folder.appendingPathComponent("phone"), keystore: try world.keystore("another"))
        await #expect(throws: MooringError.Vault(code: 112, why: .keyMissing)) { try await other.unlock(pin()) }
    }

    @Test("many tasks use one phone and lose nothing")
    func tasks() async throws {
        let phone = try World().phone()
        try await phone.create(pin())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                group.addTask { for _ in 0..<5 { _ = try await phone.newCase("case of \(number)") } }
            }
            try await group.waitForAll()
        }
        let count = try await phone.list().count
        #expect(count == 80)
    }

    @Test("the lines of the guide do what it says")
    func guide() async throws {
        let world = try World()
        let said = try await firstAnswer(
            folder: world.folder.appendingPathComponent("guide"), keystore: try world.keystore(), pin: pin())
        #expect(said.hasPrefix("At least imminent; HQ does not know yet"))
    }
}

private final class Upset: Keystore {
    struct Sulk: Error {}
    private let inner: any Keystore

    init(inner: any Keystore) { self.inner = inner }

    func wrap(lock: KeyLock, secret: Data) throws -> Data { try inner.wrap(lock: lock, secret: secret) }
    func unwrap(lock: KeyLock, wrapped: Data) throws -> Data { throw Sulk() }
    func generation() throws -> Int64 { try inner.generation() }
    func raiseGeneration(to: Int64) throws { try inner.raiseGeneration(to: to) }
    func destroyKeys() throws { try inner.destroyKeys() }
}
