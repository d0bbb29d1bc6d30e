import Foundation
import Mooring

/// A real HQ in a process of its own. MOORING_HQ names its program, and MOORING_DESK the psychiatrist's hands.
final class Headquarters {
    static let program = ProcessInfo.processInfo.environment["MOORING_HQ"]
    private static let desk = ProcessInfo.processInfo.environment["MOORING_DESK"]
    private static let psychiatrist = "Dr. Reyes"

    private let folder: String
    private let process: Running
    private let ready: String
    private var password: String?

    init(in folder: URL) throws {
        self.folder = folder.path
        let local = "127.0.0.1:0"
        let words = ["serve", "--data", self.folder, "--listen", local, "--review", local]
        process = try Running(Self.program!, words)
        ready = try process.line { $0.hasPrefix("ready ") }
    }

    deinit { process.end() }

    /// A code for a new person of this role.
    func code(_ name: String, role: String = "responder") throws -> String {
        _ = try admin(["add-staff", name, "--role", role])
        let address = Self.word(after: "device=", in: ready)
        return Self.word(after: "code ", in: try admin(["enrol-code", "--person", name, "--address", address]))
    }

    /// Sends advice at the review pages, as a psychiatrist would.
    func advise(_ visit: CaseId, _ text: String) throws {
        let known = try password ?? Self.word(
            after: "password=", in: admin(["add-staff", Self.psychiatrist, "--role", "psychiatrist"]))
        password = known
        let review = Self.word(after: "review=", in: ready)
        _ = try Running(
            Self.desk!,
            [
                "advise", "--review", review, "--name", Self.psychiatrist, "--password", known, "--case", visit.text,
                "--text", text,
            ]
        ).toItsEnd()
    }

    /// Both custodians' parts, each with the digits that were read to them; nothing where one refuses.
    func recover(_ request: Data, digits: String) throws -> Data? {
        let asked = URL(fileURLWithPath: folder).deletingLastPathComponent().appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: asked, withIntermediateDirectories: true)
        try request.write(to: asked.appendingPathComponent("0"))
        for number in 1...2 {
            let part = try Running(
                Self.program!,
                [
                    "recover", "--digits", digits, "--custodian", "\(folder)/export/custodian-\(number)-private-key.bin",
                    "--request", asked.appendingPathComponent("\(number - 1)").path,
                    "--out", asked.appendingPathComponent("\(number)").path,
                ])
            do {
                _ = try part.toItsEnd()
            } catch is Running.Failed {
                return nil
            }
        }
        return try Data(contentsOf: asked.appendingPathComponent("2"))
    }

    private func admin(_ words: [String]) throws -> String {
        try Running(Self.program!, ["admin", "--data", folder] + words).toItsEnd()
    }

    private static func word(after mark: String, in text: String) -> String {
        let rest = text.range(of: mark).map { text[$0.upperBound...] } ?? ""
        return String(rest.prefix { !$0.isWhitespace })
    }
}
