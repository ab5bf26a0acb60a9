package import Foundation

/// The last run that a journal tells of.
package struct RunRecord: Sendable {
    package var manifest: String
    package var process: Int
    package var workers: Int
    package var startedAt: Date
    /// nil while it runs, and for one that was killed.
    package var endedAt: Date?
    package var exitStatus: Int?
    /// Of the whole run; nil: nothing.
    package var note: String?
    /// In the run's order.
    package var groups: [GroupRecord]
    /// In the order in which they were said; no group: of the whole run.
    package var warnings: [(group: String?, message: String)]
}

/// What became of one group in a run.
package struct GroupRecord: Sendable {
    package var name: String
    package var version: String?
    /// `waiting`, `running`, or what whoever wrote it calls its end.
    package var state: String
    package var reason: String?
    package var note: String?
    /// 0 to 1.
    package var share: Double
    /// Of this run.
    package var tasks: Int
    package var tasksDone: Int
    package var cpuSeconds: Double
    /// Bytes of the worker that took most.
    package var peakBytes: Int64
    /// Names of tasks that were begun and have not ended.
    package var running: [String]
}
