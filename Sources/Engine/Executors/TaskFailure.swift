/// Whoever carried a task out is gone in the middle of it.
package struct ExecutorLoss: Error {
    /// Who, and how, in words: "the worker crashed (SIGSEGV)".
    package var reason: String
    /// It has given no sign of progress for too long.
    package var wasSilent: Bool
    /// What the task had cost by then; nil where nobody can tell.
    package var usage: TaskUsage?

    package init(reason: String, wasSilent: Bool = false, usage: TaskUsage?) {
        self.reason = reason
        self.wasSilent = wasSilent
        self.usage = usage
    }
}

/// A task failed, or was stopped: why, and what it had cost by then.
package struct TaskFailure: Error {
    package var cause: any Error
    package var usage: TaskUsage?

    package init(cause: any Error, usage: TaskUsage?) {
        self.cause = cause
        self.usage = usage
    }
}

/// A task's failure as a worker tells of it, who cannot send the error itself.
package struct ReportedFailure: Error, Codable, Hashable, Sendable, CustomStringConvertible {
    /// That the reason alone would give the run.
    package var exitStatus: Int32
    /// One line for people.
    package var reason: String

    package var description: String { reason }

    package init(exitStatus: Int32, reason: String) {
        self.exitStatus = exitStatus
        self.reason = reason
    }
}
