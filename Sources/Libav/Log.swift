import CFFmpeg
import Glibc

/// libav's log, kept instead of printed: by thread, because from the transcoder downward every piece of work has a thread of its own.
package enum Log {
    package struct Line: Sendable, Equatable {
        /// libav's level: 16 error, 24 warning; lower is worse.
        package let level: Int32
        /// The line without its trailing newline, with the context's name in front.
        package let text: String

        package var isError: Bool { level <= AV_LOG_ERROR }
    }

    /// What one thread logged. Lives in the thread's own storage: no other thread sees it, none waits for it, and it ends with the thread,
    /// so that a later thread with the same number never finds another's lines.
    private final class ThreadLog {
        var last = ""
        /// nil: nobody asked to keep more than the last line.
        var collected: [Line]?
        var partial = ""
        var printPrefix: Int32 = 1
    }

    /// Bounds what a hostile file can make us keep: lines, and bytes of a line that never ends.
    private static let capacity = 64
    private static let longest = 4096

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key) { log in
            if let log { Unmanaged<ThreadLog>.fromOpaque(log).release() }
        }
        precondition(code == 0, "no thread storage is left for libav's log")
        return key
    }()

    private static var thread: ThreadLog {
        if let known = pthread_getspecific(key) { return Unmanaged<ThreadLog>.fromOpaque(known).takeUnretainedValue() }
        let log = ThreadLog()
        // The storage owns it until the thread ends.
        if pthread_setspecific(key, Unmanaged.passRetained(log).toOpaque()) != 0 { Unmanaged.passUnretained(log).release() }
        return log
    }

    /// Takes libav's log over for the whole process; needed once before any other call into this room. Idempotent.
    package static func install() {
        _ = installed
    }

    private static let installed: Void = {
        // SVT-AV1 prints past av_log and asks the environment how much.
        setenv("SVT_LOG", "1", 1)
        av_log_set_level(AV_LOG_WARNING)
        av_log_set_callback { context, level, format, arguments in
            // The upper bits may ask for a colour.
            let level = level >= 0 ? level & 0xFF : level
            guard level <= AV_LOG_WARNING, let format, let arguments else { return }
            Log.append(context: context, level: level, format: format, arguments: arguments)
        }
    }()

    private static func append(
        context: UnsafeMutableRawPointer?, level: Int32, format: UnsafePointer<CChar>, arguments: CVaListPointer
    ) {
        let log = thread
        log.partial += withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer -> String in
            guard let start = buffer.baseAddress else { return "" }
            av_log_format_line(context, level, format, arguments, start, Int32(buffer.count), &log.printPrefix)
            return String(cString: start)
        }
        // The next line begins with a prefix where this one ended; its newline itself may have been cut off.
        guard log.printPrefix != 0 || log.partial.utf8.count > longest else { return }
        let line = Line(level: level, text: readable(log.partial))
        log.partial = ""
        guard !line.text.isEmpty else { return }
        log.last = line.text
        if let count = log.collected?.count, count < capacity { log.collected?.append(line) }
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

    /// The last line logged on this thread since `clear`, or nothing.
    static var lastLine: String { thread.last }

    /// Forgets the last line of this thread: called where a new operation begins, so that an old line is never blamed for a new failure.
    /// What is being collected stays.
    package static func clear() { thread.last = "" }

    /// Runs `body` and hands back every warning and error that libav logged on this thread meanwhile; none of them goes to a collection
    /// that is under way.
    static func collecting<Result: ~Copyable, Failure: Error>(
        into lines: inout [Line], _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let log = thread
        let outer = log.collected
        log.last = ""
        log.collected = []
        defer {
            lines = log.collected ?? []
            log.collected = outer
        }
        return try body()
    }

    /// Runs `body`; what libav logs on this thread meanwhile can be blamed for a failure, but is not collected.
    static func uncollected<Result: ~Copyable, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        var ignored: [Line] = []
        return try collecting(into: &ignored, body)
    }

    /// Takes the errors and warnings collected on this thread since the last call; collecting goes on.
    package static func drain() -> [Line] {
        let log = thread
        guard let lines = log.collected, !lines.isEmpty else { return [] }
        log.collected = []
        return lines
    }

    /// Keeps every line of this thread from here on until `drain`, beside the last one.
    package static func beginCollecting() { thread.collected = [] }
}
