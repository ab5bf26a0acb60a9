package import Foundation
import GRDB

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

/// Reads a journal while a run may be writing it.
enum JournalReader {
    /// - Returns: nil where there was no run yet.
    static func status(of work: WorkFolder) throws -> RunStatus? {
        let path = Journal.file(in: work.path)
        guard SystemCall.exists(path) else { return nil }
        let isRunning = work.holder != nil
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.readonly = true
            return try DatabaseQueue(path: path, configuration: configuration).read { db in
                guard try JournalSchema.isCurrent(db), let run = try Row.fetchOne(db, sql: "SELECT * FROM runs ORDER BY id DESC LIMIT 1")
                else { return nil }
                let notes = try Journal.notes(db, run: run["id"])
                return RunStatus(
                    manifest: run["manifest"], process: run["process"], isRunning: isRunning && run["ended_at"] == nil,
                    workers: run["workers"], startedAt: Date(timeIntervalSince1970: run["started_at"]),
                    endedAt: (run["ended_at"] as Double?).map(Date.init(timeIntervalSince1970:)), exitStatus: run["exit_status"],
                    note: notes[""], titles: try titles(db, run: run["id"], notes, isRunning: isRunning),
                    warnings: try warnings(db, run: run["id"]))
            }
        } catch {
            throw PipelineError(.unreachable, "read the journal '\(path)'", "", underlying: error)
        }
    }

    private static func warnings(_ db: Database, run: Int64) throws -> [WarningStatus] {
        // A journal of an earlier program has none.
        guard try db.tableExists("warnings") else { return [] }
        return try Row.fetchAll(db, sql: "SELECT title, message FROM warnings WHERE run = ? ORDER BY id", arguments: [run]).map {
            WarningStatus(title: $0["title"], message: $0["message"])
        }
    }

    private static func titles(_ db: Database, run: Int64, _ notes: [String: String], isRunning: Bool) throws -> [TitleStatus] {
        try Row.fetchAll(db, sql: "SELECT * FROM titles WHERE run = ? ORDER BY place", arguments: [run]).map { row in
            let title: String = row["title"]
            let sums = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*) FILTER (WHERE state = 'done' AND kind <> 'study') AS done, total(cpu_seconds) AS cpu, max(peak_bytes) AS peak
                    FROM tasks WHERE run = ? AND title = ?
                    """,
                arguments: [run, title])
            let running = try String.fetchAll(
                db, sql: "SELECT label FROM tasks WHERE run = ? AND title = ? AND state = 'running' ORDER BY id", arguments: [run, title])
            // One that waits or runs has no report yet.
            let state: String = row["state"]
            return TitleStatus(
                title: title, version: row["version"],
                state: !isRunning && TitleReport.State(rawValue: state) == nil ? TitleReport.State.interrupted.rawValue : state,
                reason: row["reason"], note: notes[title],
                share: row["share"], tasks: row["tasks"], tasksDone: sums?["done"] ?? 0, cpuSeconds: sums?["cpu"] ?? 0,
                peakBytes: sums?["peak"] ?? 0, running: isRunning ? running : [])
        }
    }
}
