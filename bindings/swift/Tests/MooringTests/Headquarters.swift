import Foundation

/// A real HQ in a process of its own. MOORING_HQ names its program, which `cargo build -p mooring-hq` builds.
final class Headquarters {
    static let program = ProcessInfo.processInfo.environment["MOORING_HQ"]

    private let folder: String
    private let process = Process()
    private let address: String

    init(in folder: URL) throws {
        self.folder = folder.path
        let out = Pipe()
        process.executableURL = URL(fileURLWithPath: Self.program!)
        process.arguments = [
            "serve", "--data", self.folder, "--listen", "127.0.0.1:0", "--review", "127.0.0.1:0",
        ]
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        var said = ""
        while !said.contains("ready device=") || !said.hasSuffix("\n") {
            let more = out.fileHandleForReading.availableData
            if more.isEmpty { throw CocoaError(.fileReadUnknown) }
            said += String(decoding: more, as: UTF8.self)
        }
        address = Self.word(after: "device=", in: said)
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    /// A code for a new person of this role.
    func code(_ name: String, role: String = "responder") throws -> String {
        _ = try admin(["add-staff", name, "--role", role])
        return Self.word(after: "code ", in: try admin(["enrol-code", "--person", name, "--address", address]))
    }

    private func admin(_ words: [String]) throws -> String {
        let admin = Process()
        let out = Pipe()
        admin.executableURL = URL(fileURLWithPath: Self.program!)
        admin.arguments = ["admin", "--data", folder] + words
        admin.standardOutput = out
        admin.standardError = FileHandle.nullDevice
        try admin.run()
        let said = out.fileHandleForReading.readDataToEndOfFile()
        admin.waitUntilExit()
        return String(decoding: said, as: UTF8.self)
    }

    private static func word(after mark: String, in text: String) -> String {
        let rest = text.range(of: mark).map { text[$0.upperBound...] } ?? ""
        return String(rest.prefix { !$0.isWhitespace })
    }
}
