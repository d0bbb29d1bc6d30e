import Foundation
import Mooring
import Testing

/// The folder on a disk that a scenario may fill.
private let smallDisk = ProcessInfo.processInfo.environment["MOORING_SMALL_DISK"].map { URL(fileURLWithPath: $0) }

/// Plays the scenarios that Rust and Kotlin play, and compares the lines.
@Suite(.serialized) struct ConformanceTests {
    @Test("the scenarios print their lines")
    func play() async throws {
        let expected = try scenarios("scenarios.lines")
        for (number, scenario) in try scenarios("scenarios.txt").enumerated() {
            let stage = try Stage()
            for (line, wanted) in zip(scenario, expected[number]) {
                let got = line.hasPrefix("=") ? line : "\(line) -> \(try await stage.play(line))"
                #expect(got == wanted)
            }
            #expect(scenario.count == expected[number].count)
            await stage.end()
        }
    }

    /// Each with its title; those that fill a disk only where there is one.
    private func scenarios(_ name: String) throws -> [[String]] {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = here.appendingPathComponent("../../../../tests/conformance/\(name)").standardized
        var all: [[String]] = []
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init) {
            if line.hasPrefix("= ") { all.append([]) }
            all[all.count - 1].append(line)
        }
        return all.filter { scenario in smallDisk != nil || !scenario.contains { $0.hasPrefix("small ") } }
    }
}

private final class Stage {
    private let world: World
    private let watch = Hands()
    private var links: [String: Cutting] = [:]
    private var phones: [String: Phone] = [:]
    /// Where each phone's vault is, where that is not its name.
    private var places: [String: URL] = [:]
    /// Phones whose process is gone: nobody may close their vaults in order.
    private var killed: [Phone] = []
    private var cases: [String: (CaseId, AssessmentId?)] = [:]
    /// The visit that a phone began without unlocking.
    private var visits: [String: LockedVisit] = [:]
    private var hq: Headquarters?

    init() throws { world = try World() }

    func end() async {
        for phone in Array(phones.values) + killed { _ = try? await phone.lock() }
        guard let smallDisk else { return }
        let left = (try? FileManager.default.contentsOfDirectory(at: smallDisk, includingPropertiesForKeys: nil)) ?? []
        for file in left { try? FileManager.default.removeItem(at: file) }
    }

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
        case "reopen":
            try await close(who)
            for try await state in try phone(who).states { return state.words }
            return ""
        case "kill":
            try kill(who)
            return "killed"
        case "lose":
            try await close(who)
            _ = try open(who, "another")
            return "another keystore"
        case "find":
            try await close(who)
            return "its own keystore"
        case "damage":
            try damage(place(of: who))
            return "damaged"
        case "aside":
            _ = try await phone(who).setAside()
            return "set aside"
        case "small":
            places[who] = smallDisk!.appendingPathComponent(who)
            return "on a small disk"
        case "fill":
            fill(smallDisk!.appendingPathComponent("filler"))
            return "full"
        case "free":
            try FileManager.default.removeItem(at: smallDisk!.appendingPathComponent("filler"))
            return "free"
        case "days": return try await locked(words)
        default: return try await visit(words)
        }
    }

    private func visit(_ words: [String]) async throws -> String {
        switch words[0] {
        case "case":
            cases[words[2]] = (try await phone(words[1]).newCase(words[2]), nil)
            return "made"
        case "start":
            cases[words[2]]!.1 = try await phone(words[1]).start(words[3], in: visitId(words))
            return "begun"
        case "show": return try await show(try phone(words[1]), place(words))
        case "retract": return try await phone(words[1]).retract(place(words), reason: words[4]).level
        case "confirm": return try await phone(words[1]).confirm(place(words), reason: words[4]).level
        case "settle": return try await settle(try phone(words[1]), place(words), answer(words[4]))
        case "judge":
            let level: Level = words[3] == "high" ? .high : .low
            return try await phone(words[1]).judge(.suicide, level, in: visitId(words), reason: words[4]).level
        case "yes", "no", "refuse", "unsure", "skip":
            return try await phone(words[1]).answer(answer(words[0]), at: place(words)).level
        default: return try await withHq(words)
        }
    }

    private func withHq(_ words: [String]) async throws -> String {
        let who = words[1]
        switch words[0] {
        case "enrol":
            let code = try headquarters().code(who, role: words[2])
            return "enrolled as \(try await phone(who).enrol(code).name)"
        case "exchange": return try await phone(who).exchange().words
        case "cut":
            links[who]!.broken = true
            defer { links[who]!.broken = false }
            return try await phone(who).exchange().words
        case "team":
            let people = try await phone(who).colleagues()
            try await phone(who).addToTeam(visitId(words), person: people.first { $0.name == words[3] }!.person)
            return "added"
        case "sync":
            let sync = try await phone(who).show(visitId(words)).sync
            return sync.words.split(separator: " ").prefix(2).joined(separator: " ")
        case "ask": return try await phone(who).ask(words[3], in: visitId(words)).level
        case "advise":
            try headquarters().advise(cases[who]!.0, words[2])
            return "sent to the team"
        case "advice":
            return try await phone(who).show(visitId(words)).advice.map(\.words).joined(separator: " / ")
        case "read":
            return try await phone(who).adviceRead(try await firstAdvice(words), in: visitId(words)).level
        case "acted":
            return try await phone(who).adviceActedOn(try await firstAdvice(words), in: visitId(words)).level
        default: return try await locked(words)
        }
    }

    /// The acts that need no open vault, and those that take reading away.
    private func locked(_ words: [String]) async throws -> String {
        let who = words.count > 1 ? words[1] : ""
        switch words[0] {
        case "days":
            watch.pass(73 * 60 * 60_000)
            return "three days and an hour later"
        case "visit":
            let begun = try await phone(who).beginLockedVisit(words[2])
            visits[who] = begun
            cases[words[2]] = (begun.id, try await begun.start(words[3]))
            return "begun without unlocking"
        case "capture":
            let (visit, assessment) = cases[words[2]]!
            let place = AnswerPlace(case: visit, assessment: assessment!, path: AnswerPath(text: words[4]))
            let shown = try await visits[who]!.answer(answer(words[3]), at: place)
            return "\(levelWords(level: shown.risk.level)); \(shown.sync.words)"
        case "leave":
            visits[who] = nil
            return "left"
        case "here": return try await phone(who).onlyHere().map { "\($0) only here" } ?? "not known"
        case "send": return "HQ holds \(try await phone(who).sendSealed().changes)"
        case "wipe": return "wiped, \(try await phone(who).wipe(pin(words[2]))) not at HQ"
        case "standing": return try await phone(who).mayRead().words
        case "glass":
            try await phone(who).breakGlass(visitId(words), reason: words[3])
            return "broken"
        case "recover":
            let question = try await phone(who).beginRecovery()
            let digits = words[3] == "right" ? question.words() : "0000 0000 0000 0000 0000"
            guard let answer = try headquarters().recover(question.request(), digits: digits) else {
                return "the custodians refused"
            }
            return try await phone(who).finishRecovery(question, answer: answer, newPin: pin(words[2])).words
        default: fatalError("no act \(words[0])")
        }
    }

    private func show(_ phone: Phone, _ at: AnswerPlace) async throws -> String {
        let shown = try await phone.show(at.case)
        let place = shown.assessment(at.assessment)!.places.first { $0.path == at.path }!
        let words = place.values.map(\.words).sorted().joined(separator: " / ")
        return "\(words)\(place.contested ? ", contested" : ""); \(levelWords(level: shown.risk.level))"
    }

    private func settle(_ phone: Phone, _ at: AnswerPlace, _ choice: Answer) async throws -> String {
        let place = try await phone.show(at.case).assessment(at.assessment)!.places.first { $0.path == at.path }!
        let chosen = place.values.first { $0.answer == choice }!
        return try await phone.settle(at, as: place, choice: chosen.id, reason: "asked again").level
    }

    private func firstAdvice(_ words: [String]) async throws -> RecordId {
        try await phone(words[1]).show(visitId(words)).advice.first!.id
    }

    private func visitId(_ words: [String]) -> CaseId { cases[words[2]]!.0 }

    private func place(_ words: [String]) -> AnswerPlace {
        let (visit, assessment) = cases[words[2]]!
        return AnswerPlace(case: visit, assessment: assessment!, path: AnswerPath(text: words[3]))
    }

    private func headquarters() throws -> Headquarters {
        if hq == nil { hq = try Headquarters(in: world.folder.appendingPathComponent("hq")) }
        return hq!
    }

    /// What a killed process leaves is its folder as it is at that moment, with nothing closed: a copy of it goes on.
    private func kill(_ who: String) throws {
        let from = place(of: who)
        let to = from.deletingLastPathComponent().appendingPathComponent(from.lastPathComponent + "+")
        try FileManager.default.copyItem(at: from, to: to)
        if let phone = phones.removeValue(forKey: who) { killed.append(phone) }
        places[who] = to
    }

    private func place(of who: String) -> URL { places[who] ?? world.folder.appendingPathComponent(who) }

    private func phone(_ who: String) throws -> Phone { try phones[who] ?? open(who, who) }

    private func open(_ who: String, _ keys: String) throws -> Phone {
        let link = links[who] ?? Cutting()
        links[who] = link
        let phone = Phone(folder: place(of: who), keystore: try world.keystore(keys), watch: watch, carrier: link)
        phones[who] = phone
        return phone
    }

    private func close(_ who: String) async throws {
        // A task that watches may hold the phone a moment longer, so its vault is closed by word.
        _ = try await phones.removeValue(forKey: who)?.lock()
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
    private let inner = ourCarrier()
    var broken = false

    func fetchRoot(_ url: String) async throws -> Data { try await inner.fetchRoot(url) }

    func carry(_ request: Request) async throws -> Data {
        let answer = try await inner.carry(request)
        if broken { throw URLError(.networkConnectionLost) }
        return answer
    }
}

private func answer(_ word: String) -> Answer {
    switch word {
    case "yes": .value(.boolean(true))
    case "no": .value(.boolean(false))
    case "refuse": .declined
    case "unsure": .unsure
    default: .notNow
    }
}

extension MayRead {
    fileprivate var words: String {
        switch self {
        case .reads: "reads"
        case .leaseOver: "lease over"
        case .clockInDoubt: "clock in doubt"
        }
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

extension AdviceShown {
    fileprivate var words: String {
        let how =
            switch progress {
            case nil: "new"
            case .delivered: "delivered"
            case .read: "read"
            case .actedOn: "acted on"
            }
        return "\(text): \(how)\(overtaken == true ? ", written before this: call" : "")"
    }
}

private func damage(_ folder: URL) throws {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)!
    let file = files.compactMap { $0 as? URL }.first { $0.pathExtension == "db" }!
    var bytes = try Data(contentsOf: file)
    bytes[100] ^= 1
    try bytes.write(to: file)
}

/// Writes until nothing more goes in.
private func fill(_ file: URL) {
    let out = fopen(file.path, "w")!
    setbuf(out, nil)
    let piece = [UInt8](repeating: 1, count: 4096)
    while fwrite(piece, 1, piece.count, out) == piece.count {}
    fclose(out)
}
