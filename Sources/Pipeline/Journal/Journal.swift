import Foundation
import GRDB
import Glibc

/// How a task that was begun has ended.
enum TaskEnd: String, Sendable {
    case done, failed
    /// Its worker died, and it is tried once more.
    case lost
    /// The run was stopped.
    case dropped
}

/// The diary of a work folder, an SQLite database that `reelmill status` reads while a run writes it.
///
/// Nothing is decided by it but what to clean up: results prove themselves by lying under their keys. So a journal that cannot be
/// written (a full disk) stops no run, and one that is deleted loses history alone.
final class Journal: Sendable {
    private let queue: DatabaseQueue
    let run: Int64
    /// The one that lay there was damaged, and this one begun anew.
    let replacesDamaged: Bool

    static func file(in work: String) -> String { "\(work)/journal.sqlite" }

    /// Opens the journal and writes a new run down. The caller holds the work folder's lock.
    convenience init(work: String, manifest: String, workers: Int) throws {
        try self.init(work: work) { db in
            // Whatever a killed run left running is not.
            try db.execute(sql: "UPDATE tasks SET state = 'dropped' WHERE state = 'running'")
            try db.execute(
                sql: "INSERT INTO runs (manifest, process, workers, started_at) VALUES (?, ?, ?, ?)",
                arguments: [manifest, Int(getpid()), workers, Journal.now])
            return db.lastInsertedRowID
        }
    }

    /// Opens the journal for one who is no run: what people know of the last run stays. The caller holds the work folder's lock.
    convenience init(besideRunsOf work: String) throws {
        try self.init(work: work, run: Journal.lastRun)
    }

    /// Opens the journal for one who does not hold the work folder's lock: a run may be writing beside. A journal of another program
    /// version stays as it is, and is an error.
    convenience init(visiting work: String) throws {
        try self.init(work: work, mayReplace: false, run: Journal.lastRun)
    }

    private static func lastRun(_ db: Database) throws -> Int64 { try Int64.fetchOne(db, sql: "SELECT max(id) FROM runs") ?? 0 }

    /// - Parameters:
    ///   - mayReplace: a journal of another program version is begun anew.
    ///   - run: finds or makes the run that entries belong to.
    private init(work: String, mayReplace: Bool = true, run: (Database) throws -> Int64) throws {
        let path = Journal.file(in: work)
        do {
            replacesDamaged = try mayReplace && Journal.removeUnusable(path)
            let queue = try DatabaseQueue(path: path, configuration: Journal.configuration)
            self.run = try queue.write { db in
                guard try !JournalSchema.isForeign(db) else {
                    throw PipelineError(.unreachable, "use the journal '\(path)'", "another version of this program has written it")
                }
                // Of two who begin it at the same time one is the second.
                if try !JournalSchema.isCurrent(db) { try JournalSchema.create(db) }
                try JournalSchema.addTables(db)
                try Journal.addNotes(db)
                return try run(db)
            }
            self.queue = queue
        } catch let error as PipelineError { throw error } catch {
            throw PipelineError(
                (error as? DatabaseError)?.resultCode == .SQLITE_FULL ? .diskFull : .unreachable, "open the journal '\(path)'", "",
                underlying: error)
        }
    }

    /// One of another program version, and one that a disk has spoilt.
    /// - Returns: whether it was spoilt.
    private static func removeUnusable(_ path: String) throws -> Bool {
        guard SystemCall.exists(path) else { return false }
        let isDamaged = try isDamaged(path)
        let isForeign = isDamaged ? false : try DatabaseQueue(path: path, configuration: configuration).read(JournalSchema.isForeign)
        guard isDamaged || isForeign else { return false }
        for ending in ["", "-wal", "-shm"] where SystemCall.exists(path + ending) {
            try FileManager.default.removeItem(atPath: path + ending)
        }
        return isDamaged
    }

    /// Bytes up to which all of a journal is read before it is used: a tenth of a second.
    private static let checkedBytes = 64 << 20

    private static func isDamaged(_ path: String) throws -> Bool {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            return try queue.read { db in
                let isLarge = (SystemCall.status(path)?.st_size ?? 0) > checkedBytes
                let verdict = try String.fetchOne(db, sql: isLarge ? "SELECT 'ok' FROM sqlite_master" : "PRAGMA quick_check(1)")
                return verdict ?? "ok" != "ok"
            }
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            return true
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // Readers never wait for the writer; the last entries may be lost with the power, which costs nothing but history.
            try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
        }
        return configuration
    }

    private static var now: Double { Date().timeIntervalSince1970 }

    /// Writes, unless the disk does not let it.
    func note(_ body: (Database) throws -> Void) {
        try? queue.write(body)
    }

    // MARK: Titles

    func titles(_ ids: [String]) {
        note { db in
            for (place, id) in ids.enumerated() {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO titles (run, place, title, state, updated_at) VALUES (?, ?, ?, 'waiting', ?)",
                    arguments: [run, place, id, Journal.now])
            }
        }
    }

    /// - Parameter share: what earlier runs have done of it.
    func planned(_ title: String, version: String, tasks: Int, share: Double) {
        note { db in
            try db.execute(
                sql: """
                    UPDATE titles SET state = 'waiting', version = ?, tasks = ?, share = ?, updated_at = ? WHERE run = ? AND title = ?
                    """,
                arguments: [version, tasks, share, Journal.now, run, title])
        }
    }

    /// A task of the title was begun or done; of a title that has failed meanwhile, nobody wants to know.
    func isRunning(_ title: String, share: Double? = nil) {
        note { db in
            try db.execute(
                sql: """
                    UPDATE titles SET state = 'running', share = coalesce(?, share), updated_at = ?
                    WHERE run = ? AND title = ? AND state IN ('waiting', 'running')
                    """,
                arguments: [share, Journal.now, run, title])
        }
    }

    /// What has become of a title; one that was interrupted stays as it was.
    func title(_ title: String, is state: TitleReport.State, share: Double? = nil, reason: String? = nil) {
        note { db in
            try db.execute(
                sql: """
                    UPDATE titles SET state = ?, share = coalesce(?, share), reason = ?, updated_at = ? WHERE run = ? AND title = ?
                    """,
                arguments: [state.rawValue, share, reason, Journal.now, run, title])
        }
    }

    /// - Parameter title: empty: it is about the whole run.
    func warned(_ title: String, _ message: String) {
        note { db in
            try db.execute(
                sql: "INSERT INTO warnings (run, title, message) VALUES (?, ?, ?)",
                arguments: [run, title.isEmpty ? nil : title, message])
        }
    }

    /// - Parameter reason: why the run could not go on; what became of titles alone is said of them.
    func ended(exitStatus: Int32, reason: String? = nil) {
        note { db in
            if let reason {
                try db.execute(
                    sql: "UPDATE titles SET reason = ?, updated_at = ? WHERE run = ? AND state IN ('waiting', 'running')",
                    arguments: [reason, Journal.now, run])
            }
            try db.execute(sql: "UPDATE tasks SET state = 'dropped', ended_at = ? WHERE state = 'running'", arguments: [Journal.now])
            try db.execute(
                sql: "UPDATE runs SET ended_at = ?, exit_status = ? WHERE id = ?", arguments: [Journal.now, Int(exitStatus), run])
            // A year of nights is history enough.
            try db.execute(sql: "DELETE FROM tasks WHERE run <= ? - 400", arguments: [run])
            try db.execute(sql: "DELETE FROM titles WHERE run <= ? - 400", arguments: [run])
            try db.execute(sql: "DELETE FROM warnings WHERE run <= ? - 400", arguments: [run])
            try db.execute(sql: "DELETE FROM notes WHERE run <= ? - 400", arguments: [run])
            try db.execute(sql: "DELETE FROM runs WHERE id <= ? - 400", arguments: [run])
        }
    }

    // MARK: Tasks

    func began(_ node: TaskNode, version: String?, attempt: Int) {
        guard let order = node.order else { return }
        note { db in
            try db.execute(
                sql: """
                    INSERT INTO tasks (run, title, version, kind, label, attempt, state, predicted_seconds, started_at)
                    VALUES (?, ?, ?, ?, ?, ?, 'running', ?, ?)
                    """,
                arguments: [run, node.title, version, order.kind, Journal.label(of: order), attempt, node.seconds, Journal.now])
        }
    }

    func ended(_ node: TaskNode, as state: TaskEnd, usage: TaskUsage? = nil, reason: String? = nil) {
        guard let order = node.order else { return }
        note { db in
            try db.execute(
                sql: """
                    UPDATE tasks SET state = ?, reason = ?, cpu_seconds = ?, wall_seconds = ?, peak_bytes = ?, ended_at = ?
                    WHERE run = ? AND title = ? AND label = ? AND state = 'running'
                    """,
                arguments: [
                    state.rawValue, reason, usage?.cpuSeconds, usage?.wallSeconds, usage?.peakBytes, Journal.now, run, node.title,
                    Journal.label(of: order),
                ])
        }
    }

    /// Passes over the same chunk differ in their rungs.
    private static func label(of order: TaskOrder) -> String {
        switch order {
        case .encode(_, _, let rungs): "\(order.label), rungs \(rungs.map { "\($0 + 1)" }.joined(separator: " "))"
        case .encodeMeasured(_, _, let rungs): "\(order.label), rungs \(rungs.map { "\($0 + 1)" }.joined(separator: " ")), second pass"
        default: order.label
        }
    }

    /// CPU seconds that all runs so far have spent on a version of a title.
    func cpuSeconds(title: String, version: String) -> Double {
        let sum = try? queue.read { db in
            try Double.fetchOne(
                db, sql: "SELECT sum(cpu_seconds) FROM tasks WHERE title = ? AND version = ?", arguments: [title, version])
        }
        return (sum ?? nil) ?? 0
    }

    /// How many times longer than foretold the last tasks of each kind took; 1 for a kind of which too little is known.
    func calibration() -> [TaskKind: Double] {
        let rows = try? queue.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT kind, sum(wall_seconds) / sum(predicted_seconds) AS factor FROM
                        (SELECT kind, wall_seconds, predicted_seconds FROM tasks WHERE state = 'done' AND predicted_seconds > 0 ORDER BY id DESC LIMIT 500)
                    GROUP BY kind HAVING sum(wall_seconds) > 1
                    """)
        }
        let known = (rows ?? []).compactMap { row in TaskKind(rawValue: row["kind"]).map { ($0, row["factor"] as Double) } }
        return Dictionary(known, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Facts

    /// When the work folder was last cleaned, in Unix seconds.
    var cleanedAt: Double {
        let value = try? queue.read { db in try String.fetchOne(db, sql: "SELECT value FROM facts WHERE name = 'cleaned_at'") }
        return (value ?? nil).flatMap(Double.init) ?? 0
    }

    func cleaned() {
        note { db in
            try db.execute(sql: "INSERT OR REPLACE INTO facts (name, value) VALUES ('cleaned_at', ?)", arguments: ["\(Journal.now)"])
        }
    }

    // MARK: Purges that are owed

    /// Returns once it would survive a power cut.
    func owes(_ purge: Purge, catalog: String) {
        try? queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            defer { try? db.execute(sql: "PRAGMA synchronous = NORMAL") }
            try db.execute(
                sql: "INSERT OR REPLACE INTO purges (catalog, title, version, location) VALUES (?, ?, ?, ?)",
                arguments: [catalog, purge.title, purge.version, purge.location])
        }
    }

    /// Deletes the debt; a newer one of the same version, with another address, stays.
    func paid(_ purge: Purge, catalog: String) {
        note { db in
            try db.execute(
                sql: "DELETE FROM purges WHERE catalog = ? AND title = ? AND version = ? AND location = ?",
                arguments: [catalog, purge.title, purge.version, purge.location])
        }
    }

    func owedPurges(catalog: String) -> [Purge] {
        let purges = try? queue.read { db in
            try Row.fetchAll(
                db, sql: "SELECT title, version, location FROM purges WHERE catalog = ? ORDER BY title, version", arguments: [catalog]
            ).map { Purge(title: $0["title"], version: $0["version"], location: $0["location"]) }
        }
        return purges ?? []
    }
}
