import Foundation
import Mooring
import Testing

/// Plays the scenarios that Rust and Kotlin play, and compares the lines.
@Suite(.serialized) struct ConformanceTests {
    @Test("the scenarios of a phone alone print their lines")
    func alone() async throws { try await check("alone") }

    private func check(_ name: String) async throws {
        var lines: [String] = []
        var stage: Stage?
        for line in try read("\(name).txt") {
            if line.hasPrefix("=") {
                stage = try Stage()
                lines.append(line)
            } else {
                lines.append("\(line) -> \(try await stage!.play(line))")
            }
        }
        let expected = try read("\(name).lines")
        // What differs, before the comparison of everything.
        for (got, wanted) in zip(lines, expected) { #expect(got == wanted) }
        if lines.count != expected.count { print(lines.joined(separator: "\n")) }
        #expect(lines.count == expected.count)
    }

    private func read(_ name: String) throws -> [String] {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = here.appendingPathComponent("../../../../tests/conformance/\(name)").standardized
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}

private final class Stage {
    private let world: World
    private let watch = Hands()
    private var links: [String: Cutting] = [:]
    private var phones: [String: Phone] = [:]
    private var cases: [String: (CaseId, AssessmentId?)] = [:]
    private var hq: Headquarters?

    init() throws { world = try World() }

    func play(_ line: String) async throws -> String {
        do {
            return try await act(line.split(separator: " ").map(String.init))
        } catch MooringError.WrongPin(let code, let left) {
            return "WrongPin \(code), \(left) left"
        } catch let problem as MooringError {
            return "\(String(describing: problem).prefix { $0 != "(" }) \(problem.code)"
        }
    }

    private func act(_ words: [String]) async throws -> String {
        let who = words.count > 1 ? words[1] : ""
        switch words[0] {
        case "later":
            watch.pass(61_000)
            return "a minute later"
        case "create": return try await phone(who).create(pin(words[2])).words
        case "unlock": return try await phone(who).unlock(pin(words[2])).words
        case "lock": return try await phone(who).lock().words
        case "state":
            for try await state in try phone(who).states { return state.words }
            return ""
        case "reopen":
            phones[who] = nil
            for try await state in try phone(who).states { return state.words }
            return ""
        case "lose":
            phones[who] = nil
            _ = try open(who, "another")
            return "another keystore"
        case "find":
            phones[who] = nil
            return "its own keystore"
        case "damage":
            try damage(world.folder.appendingPathComponent(who))
            return "damaged"
        case "aside":
            _ = try await phone(who).setAside()
            return "set aside"
        case "case":
            cases[words[2]] = (try await phone(who).newCase(words[2]), nil)
            return "made"
        case "start":
            let visit = cases[words[2]]!.0
            cases[words[2]] = (visit, try await phone(who).start(words[3], in: visit))
            return "begun"
        case "list": return try await phone(who).list().map { "\($0.title): \($0.level)" }.joined(separator: ", ")
        case "enrol":
            let code = try words.count > 2 ? words[2] : headquarters().code(who)
            return "enrolled as \(try await phone(who).enrol(code).name)"
        case "exchange": return try await phone(who).exchange().words
        case "cut":
            links[who]!.broken = true
            defer { links[who]!.broken = false }
            return try await phone(who).exchange().words
        case "sync":
            let sync = try await phone(who).show(cases[words[2]]!.0).sync
            return sync.words.split(separator: " ").prefix(2).joined(separator: " ")
        case "show": return try await show(try phone(who), place(words))
        case "settle": return try await settle(try phone(who), place(words))
        case "retract": return try await phone(who).retract(place(words), reason: words[4]).level
        case "confirm": return try await phone(who).confirm(place(words), reason: words[4]).level
        case "yes": return try await phone(who).answer(.boolean(true), at: place(words)).level
        case "no": return try await phone(who).answer(.boolean(false), at: place(words)).level
        case "refuse": return try await phone(who).answer(.declined, at: place(words)).level
        case "unsure": return try await phone(who).answer(.unsure, at: place(words)).level
        case "skip": return try await phone(who).skip(place(words)).level
        default: fatalError("no act \(words[0])")
        }
    }

    private func show(_ phone: Phone, _ at: AnswerPlace) async throws -> String {
        let shown = try await phone.show(at.case)
        let place = shown.assessment(at.assessment)!.places.first { $0.path == at.path }!
        let words = place.values.map(\.words).sorted().joined(separator: " / ")
        return "\(words)\(place.contested ? ", contested" : ""); \(levelWords(level: shown.risk.level))"
    }

    /// For yes.
    private func settle(_ phone: Phone, _ at: AnswerPlace) async throws -> String {
        let place = try await phone.show(at.case).assessment(at.assessment)!.places.first { $0.path == at.path }!
        let yes = place.values.first { $0.answer == .value(.boolean(true)) }!
        return try await phone.settle(at, as: place, choice: yes.id, reason: "asked again").level
    }

    private func place(_ words: [String]) -> AnswerPlace {
        let (visit, assessment) = cases[words[2]]!
        return AnswerPlace(case: visit, assessment: assessment!, path: AnswerPath(text: words[3]))
    }

    private func headquarters() throws -> Headquarters {
        if hq == nil { hq = try Headquarters(in: world.folder.appendingPathComponent("hq")) }
        return hq!
    }

    private func phone(_ who: String) throws -> Phone { try phones[who] ?? open(who, who) }

    private func open(_ who: String, _ keys: String) throws -> Phone {
        let link = links[who] ?? Cutting()
        links[who] = link
        let folder = world.folder.appendingPathComponent(who)
        let phone = Phone(folder: folder, keystore: try world.keystore(keys), watch: watch, carrier: link)
        phones[who] = phone
        return phone
    }
}

/// Clocks that a scenario can move.
private final class Hands: Watch, @unchecked Sendable {
    private let inner = SystemWatch()
    private let lock = NSLock()
    private var passed: Int64 = 0

    func pass(_ milliseconds: Int64) { lock.withLock { passed += milliseconds } }

    func read() throws -> Reading {
        let now = try inner.read()
        return lock.withLock { Reading(wallMs: now.wallMs + passed, uptimeMs: now.uptimeMs + passed, boot: now.boot) }
    }
}

/// Loses the answers of an exchange while it is broken: HQ has got what was sent, and the phone does not know.
private final class Cutting: Carrier, @unchecked Sendable {
    private let inner = URLSessionCarrier()
    var broken = false

    func fetchRoot(_ url: String) async throws -> Data { try await inner.fetchRoot(url) }

    func carry(_ request: Request) async throws -> Data {
        let answer = try await inner.carry(request)
        if broken { throw URLError(.networkConnectionLost) }
        return answer
    }
}

extension PhoneState {
    fileprivate var words: String {
        switch self {
        case .locked: "locked"
        case .openNotEnrolled: "open, not enrolled"
        case .open: "open"
        }
    }
}

extension Saved {
    fileprivate var level: String { shown.map { levelWords(level: $0.risk.level) } ?? "" }
}

extension Exchanged {
    fileprivate var words: String { finished ? "finished" : "not finished" }
}

private func damage(_ folder: URL) throws {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)!
    let file = files.compactMap { $0 as? URL }.first { $0.pathExtension == "db" }!
    var bytes = try Data(contentsOf: file)
    bytes[100] ^= 1
    try bytes.write(to: file)
}
