import Engine

/// A run, or one title of it, that cannot go on; the app makes an exit status of the code.
package struct PipelineError: Error, Sendable {
    /// Open set of reasons, each with its exit status.
    package struct Code: Hashable, Sendable {
        package let exitStatus: Int32
        package init(exitStatus: Int32) { self.exitStatus = exitStatus }

        /// A title, file or package failed.
        package static let title = Code(exitStatus: 1)
        /// What was asked for cannot be: an address on the command line that is none.
        package static let usage = Code(exitStatus: 64)
        /// A manifest or preset is wrong.
        package static let document = Code(exitStatus: 65)
        /// A store or catalog cannot be reached.
        package static let unreachable = Code(exitStatus: 69)
        package static let internalError = Code(exitStatus: 70)
        package static let diskFull = Code(exitStatus: 74)
        /// Another run holds the lock, or the deadline came: run again later.
        package static let locked = Code(exitStatus: 75)
        package static let interrupted = Code(exitStatus: 130)
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

extension PipelineError {
    /// What the engine could not do, under its exit status.
    init(_ error: EngineError) {
        self.init(FailureReason.code(of: error), error.operation, error.detail, underlying: error.underlying)
    }
}

extension PipelineError: CustomStringConvertible {
    package var description: String {
        let cause = underlying.map(ErrorWords.text) ?? ""
        let words = [detail, cause].filter { !$0.isEmpty }.joined(separator: ": ")
        return operation.isEmpty ? words : "cannot \(operation): \(words)"
    }
}
