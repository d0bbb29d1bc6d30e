import Foundation

/// A program that was started. Foundation's own kind waits in a circle on Linux when no run loop turns, so this one is made of
/// the system's calls.
final class Running {
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
        String(decoding: try bytesToItsEnd(), as: UTF8.self)
    }

    /// The same for what is no text.
    func bytesToItsEnd() throws -> Data {
        let said = output.readDataToEndOfFile()
        var status: Int32 = 0
        waitpid(id, &status, 0)
        guard status == 0 else { throw Failed(words: words) }
        return said
    }

    func end() {
        var status: Int32 = 0
        // The threads of Swift's tasks block every signal that can be blocked, and a child inherits that.
        kill(id, SIGKILL)
        waitpid(id, &status, 0)
    }
}
