import GRDB
import Glibc

/// How a task that was begun has ended.
package enum TaskEnd: String, Sendable {
    case done, failed
    /// Whoever carried it out was lost, and it is tried once more.
    case lost
    /// The run was stopped.
    case dropped
}

/// What one run does, group by group and task by task. The file calls a group a title.
package struct RunLog: Sendable {
    package let journal: Journal
    let run: Int64

    /// Runs of which the journal tells: a year of nights is history enough.
    private static let kept = 400

    /// Writes a new run down. The caller holds the work folder's lock.
    /// - Parameter manifest: what people know the run's work by.
    package init(beginning manifest: String, workers: Int, in journal: Journal) throws {
        self.journal = journal
        do {
            run = try journal.queue.write { db in
                // Whatever a killed run left running is not.
                try db.execute(sql: "UPDATE tasks SET state = 'dropped' WHERE state = 'running'")
                try db.execute(
                    sql: "INSERT INTO runs (manifest, process, workers, started_at) VALUES (?, ?, ?, ?)",
                    arguments: [manifest, Int(getpid()), workers, Journal.now])
                return db.lastInsertedRowID
            }
        } catch {
            let isFull = (error as? DatabaseError)?.resultCode == .SQLITE_FULL
            throw EngineError(isFull ? .diskFull : .unreachable, "write the journal", "", underlying: error)
        }
    }

    // MARK: Groups

    /// Those of the run, in order.
    package func groups(_ names: [String]) {
        journal.note { db in
            for (rank, name) in names.enumerated() {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO titles (run, place, title, state, updated_at) VALUES (?, ?, ?, 'waiting', ?)",
                    arguments: [run, rank, name, Journal.now])
            }
        }
    }

    /// - Parameter share: what earlier runs have done of it.
    package func planned(_ group: String, version: String, tasks: Int, share: Double) {
        journal.note { db in
            try db.execute(
                sql: """
                    UPDATE titles SET state = 'waiting', version = ?, tasks = ?, share = ?, updated_at = ? WHERE run = ? AND title = ?
                    """,
                arguments: [version, tasks, share, Journal.now, run, group])
        }
    }

    /// More tasks of a group were found to be necessary while it was made.
    package func added(_ group: String, tasks: Int) {
        journal.note { db in
            try db.execute(
                sql: "UPDATE titles SET tasks = tasks + ?, updated_at = ? WHERE run = ? AND title = ?",
                arguments: [tasks, Journal.now, run, group])
        }
    }

    /// A task of the group was begun or done; of one that has failed meanwhile, nobody wants to know.
    package func isRunning(_ group: String, share: Double? = nil) {
        journal.note { db in
            try db.execute(
                sql: """
                    UPDATE titles SET state = 'running', share = coalesce(?, share), updated_at = ?
                    WHERE run = ? AND title = ? AND state IN ('waiting', 'running')
                    """,
                arguments: [share, Journal.now, run, group])
        }
    }

    /// What has become of a group; one that was interrupted stays as it was.
    package func group(_ group: String, is state: String, share: Double? = nil, reason: String? = nil) {
        journal.note { db in
            try db.execute(
                sql: """
                    UPDATE titles SET state = ?, share = coalesce(?, share), reason = ?, updated_at = ? WHERE run = ? AND title = ?
                    """,
                arguments: [state, share, reason, Journal.now, run, group])
        }
    }

    // MARK: Tasks

    package func began(_ task: any EngineTask, of node: TaskNode, version: String?, attempt: Int) {
        journal.note { db in
            try db.execute(
                sql: """
                    INSERT INTO tasks (run, title, version, kind, label, attempt, state, predicted_seconds, started_at)
                    VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?)
                    """,
                arguments: [run, node.group, version, task.kind, task.name, attempt, node.seconds, Journal.now])
        }
    }

    package func ended(_ task: any EngineTask, of group: String, as end: TaskEnd, usage: TaskUsage? = nil, reason: String? = nil) {
        journal.note { db in
            try db.execute(
                sql: """
                    UPDATE tasks SET state = ?, reason = ?, cpu_seconds = ?, wall_seconds = ?, peak_bytes = ?, ended_at = ?
                    WHERE run = ? AND title = ? AND label = ? AND state = 'running'
                    """,
                arguments: [
                    end.rawValue, reason, usage?.cpuSeconds, usage?.wallSeconds, usage?.peakBytes, Journal.now, run, group, task.name,
                ])
        }
    }

    // MARK: What people should know

    /// - Parameter group: empty: it is about the whole run.
    package func warned(_ group: String, _ message: String) {
        journal.note { db in
            try db.execute(
                sql: "INSERT INTO warnings (run, title, message) VALUES (?, ?, ?)",
                arguments: [run, group.isEmpty ? nil : group, message])
        }
    }

    /// What a person should know, and need do nothing about.
    /// - Parameter group: empty: it is about the whole run.
    package func keep(note: String, of group: String = "") {
        journal.note { db in
            try db.execute(sql: "INSERT OR REPLACE INTO notes (run, title, note) VALUES (?, ?, ?)", arguments: [run, group, note])
        }
    }

    // MARK: The end

    /// - Parameter reason: why the run could not go on; what became of groups alone is said of them.
    package func ended(exitStatus: Int32, reason: String? = nil) {
        journal.note { db in
            if let reason {
                try db.execute(
                    sql: "UPDATE titles SET reason = ?, updated_at = ? WHERE run = ? AND state IN ('waiting', 'running')",
                    arguments: [reason, Journal.now, run])
            }
            try db.execute(sql: "UPDATE tasks SET state = 'dropped', ended_at = ? WHERE state = 'running'", arguments: [Journal.now])
            try db.execute(
                sql: "UPDATE runs SET ended_at = ?, exit_status = ? WHERE id = ?", arguments: [Journal.now, Int(exitStatus), run])
            for table in ["tasks", "titles", "warnings", "notes"] {
                try db.execute(sql: "DELETE FROM \(table) WHERE run <= ? - ?", arguments: [run, Self.kept])
            }
            try db.execute(sql: "DELETE FROM runs WHERE id <= ? - ?", arguments: [run, Self.kept])
        }
    }
}
