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

    private func admin(_ words: [String]) throws -> String {
        try Running(Self.program!, ["admin", "--data", folder] + words).toItsEnd()
    }

    private static func word(after mark: String, in text: String) -> String {
        let rest = text.range(of: mark).map { text[$0.upperBound...] } ?? ""
        return String(rest.prefix { !$0.isWhitespace })
    }
}

/// A program that was started. Foundation's own kind waits in a circle on Linux when no run loop turns, so this one is made of
/// the system's calls.
private final class Running {
    struct Failed: Error { let words: [String] }

    private static let one = NSLock()

    private let words: [String]
    private let output: FileHandle
    private var id: pid_t = 0

    init(_ program: String, _ arguments: [String]) throws {
        words = [program] + arguments
        // One at a time: a child that got another's pipe by chance would keep it open.
        Self.one.lock()
        defer { Self.one.unlock() }
        let pipe = Pipe()
        output = pipe.fileHandleForReading
        for end in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
            _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipe.fileHandleForWriting.fileDescriptor, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var strings = words.map { strdup($0) } + [nil]
        var variables = ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for string in strings + variables { free(string) } }
        guard posix_spawn(&id, program, &actions, nil, &strings, &variables) == 0 else { throw Failed(words: words) }
        try pipe.fileHandleForWriting.close()
    }

    /// Reads on until a line fits.
    func line(where fits: (Substring) -> Bool) throws -> String {
        var said = ""
        while true {
            let more = output.availableData
            if more.isEmpty { throw Failed(words: words) }
            said += String(decoding: more, as: UTF8.self)
            let whole = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let found = whole.first(where: fits) { return String(found) }
        }
    }

    /// What it said, once it has ended well.
    func toItsEnd() throws -> String {
        let said = output.readDataToEndOfFile()
        var status: Int32 = 0
        waitpid(id, &status, 0)
        guard status == 0 else { throw Failed(words: words) }
        return String(decoding: said, as: UTF8.self)
    }

    func end() {
        var status: Int32 = 0
        // The threads of Swift's tasks block every signal that can be blocked, and a child inherits that.
        kill(id, SIGKILL)
        waitpid(id, &status, 0)
    }
}
