package import Libav

/// Work on frames that failed: what was being done, what went wrong, and what a person can do.
package struct TranscodingError: Error, Sendable {
    /// Open set of reasons.
    package struct Code: Hashable, Sendable, RawRepresentable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The source cannot be read as media at all.
        package static let unreadable = Code(rawValue: "unreadable")
        package static let encrypted = Code(rawValue: "encrypted")
        /// It can be read, but parts are missing or do not decode; `damage: accept` would carry on.
        package static let damaged = Code(rawValue: "damaged")
        /// Not what this program makes of sources yet.
        package static let unsupported = Code(rawValue: "unsupported")
        /// An encoder refused, or wrote something else than was asked.
        package static let encoder = Code(rawValue: "encoder")
        /// A file could not be written.
        package static let output = Code(rawValue: "output")
        /// The caller asked to stop.
        package static let interrupted = Code(rawValue: "interrupted")
        package static let diskFull = Code(rawValue: "disk_full")
    }

    package let code: Code
    /// What was being done: `read 'film.mov'`.
    package let operation: String
    package let detail: String
    package let underlying: LibavError?

    package init(_ code: Code, _ operation: String, _ detail: String, underlying: LibavError? = nil) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.underlying = underlying
    }
}

extension TranscodingError: CustomStringConvertible {
    package var description: String {
        guard let underlying else { return "cannot \(operation): \(detail)" }
        return detail.isEmpty ? "cannot \(operation): \(underlying)" : "cannot \(operation): \(detail): \(underlying)"
    }
}

extension TranscodingError {
    /// What work ends with when its `onProgress` says that nobody wants it any more.
    static func stopped(_ operation: String) -> TranscodingError { TranscodingError(.interrupted, operation, "stopped") }
}

/// Turns a binding's error into this room's, with what was being done.
func wrapping<Result: ~Copyable>(
    _ code: TranscodingError.Code, _ operation: @autoclosure () -> String, _ body: () throws(LibavError) -> Result
) throws(TranscodingError) -> Result {
    do throws(LibavError) {
        return try body()
    } catch {
        throw TranscodingError(code, operation(), "", underlying: error)
    }
}
