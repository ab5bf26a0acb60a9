import CFFmpeg

/// A call into FFmpeg that failed.
package struct LibavError: Error, Sendable, Equatable {
    /// libav's error code, negative; open: compare with the constants below.
    package let code: Int32
    /// What was being done, and to what: `open 'film.mov'`.
    package let operation: String
    /// libav's words for the code, or our own where there is no code.
    package let detail: String
    /// The last line that libav logged on this thread while it failed; empty where it was silent.
    package let log: String

    package init(code: Int32, operation: String, detail: String? = nil, log: String? = nil) {
        self.code = code
        self.operation = operation
        self.detail = detail ?? LibavError.words(code)
        self.log = log ?? Log.lastLine
    }

    package static let invalidData = reelmill_averror_invaliddata()
    package static let endOfFile = reelmill_averror_eof()
    static let again = reelmill_averror(EAGAIN)
    static let outOfMemory = reelmill_averror(ENOMEM)
    static let invalidArgument = reelmill_averror(EINVAL)

    private static func words(_ code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress, av_strerror(code, start, buffer.count) >= 0 else { return "error \(code)" }
            return String(cString: start)
        }
    }
}

extension LibavError {
    /// What went wrong, without the file's name: the library's last line, or the words for the code.
    package var cause: String { log.isEmpty ? detail : log }
}

extension LibavError: CustomStringConvertible {
    package var description: String {
        log.isEmpty || log == detail ? "cannot \(operation): \(detail)" : "cannot \(operation): \(detail) (\(log))"
    }
}

/// Passes a return code on, or throws it as an error with the operation and the last log line.
@discardableResult
func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(LibavError) -> Int32 {
    guard code < 0 else { return code }
    throw LibavError(code: code, operation: operation())
}

/// Unwraps what an allocating call returned.
func allocated<Pointee>(_ pointer: UnsafeMutablePointer<Pointee>?, _ what: String) throws(LibavError) -> UnsafeMutablePointer<Pointee> {
    guard let pointer else { throw LibavError(code: LibavError.outOfMemory, operation: "allocate \(what)") }
    return pointer
}
