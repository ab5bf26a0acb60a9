import CFFmpeg
import Glibc
import Synchronization

/// libav's log, kept instead of printed: by thread, because from the transcoder downward every piece of work has a thread of its own.
package enum Log {
    package struct Line: Sendable, Equatable {
        /// libav's level: 16 error, 24 warning; lower is worse.
        package let level: Int32
        /// The line without its trailing newline, with the context's name in front.
        package let text: String

        package var isError: Bool { level <= AV_LOG_ERROR }
    }

    private struct ThreadLog {
        var lines: [Line] = []
        var isCollecting = false
        var partial = ""
        var printPrefix: Int32 = 1
    }

    private static let threads = Mutex<[UInt: ThreadLog]>([:])
    /// Bounds what a hostile file can make us keep.
    private static let capacity = 64

    /// Takes libav's log over for the whole process; needed once before any other call into this room. Idempotent.
    package static func install() {
        _ = installed
    }

    private static let installed: Void = {
        // SVT-AV1 prints past av_log and asks the environment how much.
        setenv("SVT_LOG", "1", 1)
        av_log_set_level(AV_LOG_WARNING)
        av_log_set_callback { context, level, format, arguments in
            guard level <= AV_LOG_WARNING, let format, let arguments else { return }
            Log.append(context: context, level: level, format: format, arguments: arguments)
        }
    }()

    private static var thread: UInt { UInt(pthread_self()) }

    private static func append(
        context: UnsafeMutableRawPointer?, level: Int32, format: UnsafePointer<CChar>, arguments: CVaListPointer
    ) {
        let id = thread
        var prefix = threads.withLock { $0[id]?.printPrefix ?? 1 }
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer -> String in
            guard let start = buffer.baseAddress else { return "" }
            av_log_format_line(context, level, format, arguments, start, Int32(buffer.count), &prefix)
            return String(cString: start)
        }
        threads.withLock { logs in
            logs[id, default: ThreadLog()].printPrefix = prefix
            logs[id, default: ThreadLog()].partial += text
            guard let whole = logs[id]?.partial, whole.hasSuffix("\n") else { return }
            logs[id]?.partial = ""
            let line = Line(level: level, text: Log.readable(whole))
            guard !line.text.isEmpty else { return }
            if logs[id]?.isCollecting != true { logs[id]?.lines.removeAll() }
            if (logs[id]?.lines.count ?? 0) < capacity { logs[id]?.lines.append(line) }
        }
    }

    /// `[libx264 @ 0x55d0c8] text` becomes `libx264: text`: an address means nothing to a reader and differs from run to run.
    private static func readable(_ line: String) -> String {
        var text = Substring(line)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        var names: [Substring] = []
        while text.hasPrefix("["), let close = text.firstIndex(of: "]"), let at = text[..<close].lastIndex(of: "@") {
            names.append(text[text.index(after: text.startIndex)..<at].dropLast())
            text = text[text.index(after: close)...]
            while text.first == " " { text.removeFirst() }
        }
        // A context that is being set up has no name yet.
        guard let name = names.last(where: { $0 != "NULL" }), !text.isEmpty else { return String(text) }
        return "\(name): \(text)"
    }

    /// The last line logged on this thread, or nothing.
    static var lastLine: String {
        let id = thread
        return threads.withLock { $0[id]?.lines.last?.text ?? "" }
    }

    /// Forgets what this thread logged: called where a new operation begins, so that an old line is never blamed for a new failure.
    package static func clear() {
        let id = thread
        threads.withLock { _ = $0.removeValue(forKey: id) }
    }

    /// Runs `body` and hands back every warning and error that libav logged on this thread meanwhile.
    static func collecting<Result: ~Copyable, Failure: Error>(
        into lines: inout [Line], _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let id = thread
        threads.withLock { $0[id] = ThreadLog(isCollecting: true) }
        defer {
            lines = threads.withLock { logs in
                logs[id]?.isCollecting = false
                return logs[id]?.lines ?? []
            }
        }
        return try body()
    }

    /// Takes the errors and warnings logged on this thread since the last call.
    package static func drain() -> [Line] {
        let id = thread
        return threads.withLock { logs in
            let lines = logs[id]?.lines ?? []
            logs[id]?.lines.removeAll()
            return lines
        }
    }

    /// Keeps every line of this thread until `drain`, instead of the last one alone.
    package static func beginCollecting() {
        let id = thread
        threads.withLock { $0[id] = ThreadLog(isCollecting: true) }
    }
}
