/// What the engine itself cannot do. A task's own failure is `ReportedFailure`, or whatever its performer throws.
package struct EngineError: Error, Sendable {
    package enum Code: Hashable, Sendable {
        /// A task, or a result that is to be kept, failed: its group is to blame.
        case failed
        /// The work folder or the journal cannot be used.
        case unreachable
        /// Another process holds the work folder.
        case locked
        case diskFull
        case internalError
        /// It was stopped before it was done.
        case interrupted
    }

    package let code: Code
    /// What was being done.
    package let operation: String
    package let detail: String
    package let underlying: (any Error)?

    package init(_ code: Code, _ operation: String, _ detail: String, underlying: (any Error)? = nil) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.underlying = underlying
    }
}

extension EngineError: CustomStringConvertible {
    package var description: String {
        let words = [detail, underlying.map { "\($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
        return operation.isEmpty ? words : "cannot \(operation): \(words)"
    }
}
