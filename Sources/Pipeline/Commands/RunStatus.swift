import Engine
package import Foundation

/// What the last run of a work folder did or is doing.
package struct RunStatus: Encodable, Sendable {
    package var formatVersion = 1
    package var manifest: String
    package var process: Int
    /// A run holds the work folder now.
    package var isRunning: Bool
    package var workers: Int
    package var startedAt: Date
    package var endedAt: Date?
    /// nil while it runs, and for one that was killed.
    package var exitStatus: Int?
    /// What a person may want to know of the whole run; nil: nothing.
    package var note: String?
    /// In the manifest's order.
    package var titles: [TitleStatus]
    /// In the order in which they were said.
    package var warnings: [WarningStatus]
}

/// What a person should know of a run that may have gone well.
package struct WarningStatus: Encodable, Sendable, Equatable {
    /// nil: it is about the whole run.
    package var title: String?
    package var message: String
}

/// What became of one title.
package struct TitleStatus: Encodable, Sendable {
    package var title: String
    package var version: String?
    /// waiting, running, published, unchanged, removed, failed or postponed; `interrupted` where the run ended in its middle.
    package var state: String
    package var reason: String?
    /// What else a person may want to know, in one line.
    package var note: String?
    /// 0 to 1.
    package var share: Double
    /// Of this run.
    package var tasks: Int
    package var tasksDone: Int
    package var cpuSeconds: Double
    /// Bytes of the hungriest worker.
    package var peakBytes: Int64
    /// Tasks that are under way.
    package var running: [String]
}

extension RunStatus {
    /// - Returns: nil where there was no run yet.
    init?(of work: WorkFolder) throws {
        guard let run = try RunHistory.last(in: work.path, beside: [ProbePass.kind, "study"]) else { return nil }
        let isHeld = work.holder != nil
        manifest = run.manifest
        process = run.process
        isRunning = isHeld && run.endedAt == nil
        workers = run.workers
        startedAt = run.startedAt
        endedAt = run.endedAt
        exitStatus = run.exitStatus
        note = run.note
        titles = run.groups.map { TitleStatus($0, isRunning: isHeld) }
        warnings = run.warnings.map { WarningStatus(title: $0.group, message: $0.message) }
    }
}

extension TitleStatus {
    fileprivate init(_ group: GroupRecord, isRunning: Bool) {
        title = group.name
        version = group.version
        // One that waits or runs has no report yet.
        let hasEnded = TitleReport.State(rawValue: group.state) != nil
        state = isRunning || hasEnded ? group.state : TitleReport.State.interrupted.rawValue
        reason = group.reason
        note = group.note
        share = group.share
        tasks = group.tasks
        tasksDone = group.tasksDone
        cpuSeconds = group.cpuSeconds
        peakBytes = group.peakBytes
        running = isRunning ? group.running : []
    }
}
