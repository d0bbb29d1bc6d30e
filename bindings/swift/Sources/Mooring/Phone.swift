import Foundation
@_exported import MooringCore

/// One phone: a folder with its vault, locked or open.
///
/// Every function waits off the main actor and returns once what it did is on disk; it may be called from any task. What goes
/// wrong is a ``MooringCore/MooringError``, whose case says what to do next and whose code a help desk asks for.
public final class Phone: Sendable {
    private let blocking: BlockingPhone
    let carrier: any Carrier
    let exchanging = Turn()
    // Calls block their thread for as long as a disk or a key derivation takes, so they stay out of Swift's own threads.
    private let queue = DispatchQueue(label: "org.mooring.phone", qos: .userInitiated, attributes: .concurrent)

    /// The phone whose vault is, or will be, in this folder. Nothing is touched yet.
    ///
    /// - Parameters:
    ///   - folder: Where the vault is or will be.
    ///   - keystore: The platform's keystore; ``MooringCore/SoftwareKeystore`` is for trying out.
    ///   - watch: The platform's clocks.
    ///   - carrier: Carries bytes to HQ.
    public init(
        folder: URL, keystore: any Keystore, watch: any Watch = SystemWatch(), carrier: any Carrier = URLSessionCarrier()
    ) {
        self.carrier = carrier
        blocking = BlockingPhone(dir: folder.path, keystore: keystore, watch: watch)
    }

    /// Makes a vault in the folder, where there may be none, and opens it.
    @discardableResult
    public func create(_ pin: Pin) async throws -> PhoneState {
        try await call { try $0.create(pin: pin) }
    }

    /// Opens the vault. A wrong PIN is ``MooringCore/MooringError`` `.WrongPin`, with the tries that are left.
    @discardableResult
    public func unlock(_ pin: Pin) async throws -> PhoneState {
        try await call { try $0.unlock(pin: pin) }
    }

    /// Closes the vault and forgets what was read from it.
    @discardableResult
    public func lock() async throws -> PhoneState {
        try await call { try $0.lock() }
    }

    /// Renames the folder whole, and gives its new place. Only a person may decide that; nothing is deleted.
    public func setAside() async throws -> URL {
        URL(fileURLWithPath: try await call { try $0.setAside() })
    }

    /// Lets time pass: locks the vault if nobody touched it for two minutes, and says what is due. Call it twice a minute,
    /// and when the app comes back to the front.
    public func tick() async throws -> Tick {
        try await call { try $0.tick() }
    }

    /// From now on questions and options come in this language (`es`), as far as a protocol has it.
    public func useLanguage(_ language: String) {
        blocking.useLanguage(language: language)
    }

    /// Whether the vault is open, now and whenever that changes.
    public var states: AsyncThrowingStream<PhoneState, any Error> {
        watching({ if case .state = $0 { true } else { false } }) { try $0.state() }
    }

    func call<T: Sendable>(_ verb: @escaping @Sendable (BlockingPhone) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [blocking] in
                continuation.resume(with: Result { try verb(blocking) })
            }
        }
    }

    /// What `read` gives, now and after each change that is wanted; while the phone is locked, nothing.
    func watching<T: Sendable>(
        _ wanted: @escaping @Sendable (Changed) -> Bool,
        _ read: @escaping @Sendable (BlockingPhone) throws -> T
    ) -> AsyncThrowingStream<T, any Error> {
        AsyncThrowingStream { continuation in
            let (ticks, tick) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let number = blocking.listen(listener: Telling { if wanted($0) { tick.yield() } })
            tick.yield()
            let reading = Task {
                do {
                    for await _ in ticks {
                        if let value = try await self.call({ phone in try unlessLocked { try read(phone) } }) {
                            continuation.yield(value)
                        }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { [blocking] _ in
                blocking.stopListening(number: number)
                reading.cancel()
            }
        }
    }
}

private final class Telling: Listener {
    private let tell: @Sendable (Changed) -> Void

    init(_ tell: @escaping @Sendable (Changed) -> Void) { self.tell = tell }

    func changed(what: Changed) { tell(what) }
}

private func unlessLocked<T>(_ read: () throws -> T) throws -> T? {
    do {
        return try read()
    } catch MooringError.Locked {
        return nil
    }
}
