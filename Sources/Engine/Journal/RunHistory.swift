import Foundation
import GRDB

/// Reads a journal while a run may be writing it.
package enum RunHistory {
    /// - Parameter beside: kinds of tasks that do not count among a group's, since they come before it is known what there is to do.
    /// - Returns: nil where there was no run yet.
    package static func last(in work: String, beside: [String]) throws -> RunRecord? {
        let path = Journal.file(in: work)
        guard SystemCall.exists(path) else { return nil }
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.readonly = true
            return try DatabaseQueue(path: path, configuration: configuration).read { db in
                guard try JournalSchema.isCurrent(db), let run = try Row.fetchOne(db, sql: "SELECT * FROM runs ORDER BY id DESC LIMIT 1")
                else { return nil }
                let notes = try notes(db, run: run["id"])
                return RunRecord(
                    manifest: run["manifest"], process: run["process"], workers: run["workers"],
                    startedAt: Date(timeIntervalSince1970: run["started_at"]),
                    endedAt: (run["ended_at"] as Double?).map(Date.init(timeIntervalSince1970:)), exitStatus: run["exit_status"],
                    note: notes[""], groups: try groups(db, run: run["id"], notes, beside: beside),
                    warnings: try warnings(db, run: run["id"]))
            }
        } catch {
            throw EngineError(.unreachable, "read the journal '\(path)'", "", underlying: error)
        }
    }

    /// By group; none in a journal of an older program.
    private static func notes(_ db: Database, run: Int64) throws -> [String: String] {
        guard try db.tableExists("notes") else { return [:] }
        let rows = try Row.fetchAll(db, sql: "SELECT title, note FROM notes WHERE run = ?", arguments: [run])
        return Dictionary(rows.map { ($0["title"], $0["note"]) }, uniquingKeysWith: { first, _ in first })
    }

    private static func warnings(_ db: Database, run: Int64) throws -> [(group: String?, message: String)] {
        // A journal of an earlier program has none.
        guard try db.tableExists("warnings") else { return [] }
        return try Row.fetchAll(db, sql: "SELECT title, message FROM warnings WHERE run = ? ORDER BY id", arguments: [run]).map {
            ($0["title"], $0["message"])
        }
    }

    private static func groups(_ db: Database, run: Int64, _ notes: [String: String], beside: [String]) throws -> [GroupRecord] {
        let kinds = beside.map { _ in "?" }.joined(separator: ", ")
        return try Row.fetchAll(db, sql: "SELECT * FROM titles WHERE run = ? ORDER BY place", arguments: [run]).map { row in
            let name: String = row["title"]
            let sums = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*) FILTER (WHERE state = 'done' AND kind NOT IN (\(kinds))) AS done, total(cpu_seconds) AS cpu,
                        max(peak_bytes) AS peak
                    FROM tasks WHERE run = ? AND title = ?
                    """,
                arguments: StatementArguments(beside) + [run, name])
            let running = try String.fetchAll(
                db, sql: "SELECT label FROM tasks WHERE run = ? AND title = ? AND state = 'running' ORDER BY id", arguments: [run, name])
            return GroupRecord(
                name: name, version: row["version"], state: row["state"], reason: row["reason"], note: notes[name], share: row["share"],
                tasks: row["tasks"], tasksDone: sums?["done"] ?? 0, cpuSeconds: sums?["cpu"] ?? 0, peakBytes: sums?["peak"] ?? 0,
                running: running)
        }
    }
}
