import Glibc
import Synchronization

/// A program that this process started: it stays in this process's group, so that a terminal's signals reach it, and inherits no file but
/// its three standard ones.
struct ChildProcess {
    let identifier: pid_t
    /// To its standard input.
    let input: LinePipe
    /// From its standard output.
    let output: LinePipe

    /// How it ended.
    enum End: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// - Parameters:
    ///   - log: a file that its standard error goes to, emptied first.
    ///   - environment: all of it.
    init(_ program: String, _ arguments: [String], log: String, environment: [String: String]) throws {
        self = try ChildProcess.oneAtATime.withLock { _ in
            try ChildProcess(starting: program, arguments, log: log, environment: environment)
        }
    }

    /// Between the making of a pipe and its mark to be closed in children, no other child may be started: one that held a sibling's pipe
    /// would keep it open when this process is gone.
    private static let oneAtATime = Mutex(())

    private init(starting program: String, _ arguments: [String], log: String, environment: [String: String]) throws {
        let toChild = try ChildProcess.makePipe()
        let fromChild = try ChildProcess.makePipe()
        defer {
            _ = close(toChild.reading)
            _ = close(fromChild.writing)
        }
        input = LinePipe(toChild.writing)
        output = LinePipe(fromChild.reading)
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, toChild.reading, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, fromChild.writing, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        identifier = unsafe try ChildProcess.withWords(["reelmill"] + arguments) { words in
            unsafe try ChildProcess.withWords(environment.map { "\($0)=\($1)" }) { variables in
                var identifier = pid_t()
                let status = unsafe posix_spawn(&identifier, program, &actions, nil, words, variables)
                guard status == 0 else {
                    throw EngineError(.internalError, "start '\(program)'", unsafe String(cString: strerror(status)))
                }
                return identifier
            }
        }
    }

    private static func makePipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw EngineError(.internalError, "open a pipe to a worker", SystemCall.lastError)
        }
        return (ends[0], ends[1])
    }

    /// The words as C wants them, for the time of the call.
    private static func withWords<Result>(
        _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) throws -> Result
    ) rethrows -> Result {
        var copies = unsafe words.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        unsafe copies.append(nil)
        return unsafe try copies.withUnsafeBufferPointer { buffer in
            guard let first = buffer.baseAddress else { preconditionFailure("an array with a nil at its end is not empty") }
            return unsafe try body(first)
        }
    }

    /// Waits at most so long.
    /// - Returns: how it ended, and what it has used in all its life; nil: it goes on.
    func wait(seconds: Double) -> (end: End, cpuSeconds: Double, peakBytes: Int64)? {
        let end = Monotonic.seconds + seconds
        while Monotonic.seconds < end {
            var (status, used) = (Int32(0), rusage())
            if unsafe wait4(identifier, &status, WNOHANG, &used) == identifier {
                return (Self.end(of: status), CPUTime.seconds(of: used), Int64(used.ru_maxrss) * 1024)
            }
            usleep(2000)
        }
        return nil
    }

    private static func end(of status: Int32) -> End {
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    }

    func kill() { _ = Glibc.kill(identifier, SIGKILL) }
}
