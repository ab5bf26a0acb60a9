import Foundation
import GRDB

/// The journal's tables. It is a diary, not a store: where an older or newer one lies in a run's way, it is begun anew.
enum JournalSchema {
    static let version = 1

    /// - Returns: false for a journal of another program version.
    static func isCurrent(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "PRAGMA user_version") == version
    }

    /// - Returns: true for a journal of another program version; an empty file is nobody's.
    static func isForeign(_ db: Database) throws -> Bool {
        let number = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard number == 0 else { return number != version }
        return try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") != 0
    }

    static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                -- One row a run. Times are Unix seconds.
                CREATE TABLE runs (
                    id INTEGER PRIMARY KEY, manifest TEXT NOT NULL, process INTEGER NOT NULL, workers INTEGER NOT NULL,
                    started_at REAL NOT NULL, ended_at REAL, exit_status INTEGER);
                -- What became of each title in a run: waiting, running, published, unchanged, failed or postponed.
                CREATE TABLE titles (
                    run INTEGER NOT NULL REFERENCES runs (id), place INTEGER NOT NULL, title TEXT NOT NULL, version TEXT,
                    state TEXT NOT NULL, reason TEXT, tasks INTEGER NOT NULL DEFAULT 0, share REAL NOT NULL DEFAULT 0,
                    updated_at REAL NOT NULL, PRIMARY KEY (run, title));
                -- One row for each time that a task was begun: running, done, failed, lost or dropped.
                CREATE TABLE tasks (
                    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs (id), title TEXT NOT NULL, version TEXT, kind TEXT NOT NULL,
                    label TEXT NOT NULL, attempt INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT, predicted_seconds REAL NOT NULL,
                    cpu_seconds REAL, wall_seconds REAL, peak_bytes INTEGER, started_at REAL NOT NULL, ended_at REAL);
                CREATE INDEX tasks_by_title ON tasks (title, version);
                CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                PRAGMA user_version = \(version);
                """)
    }

    /// Tables that came without a new version, so that no journal is begun anew for them.
    static func addTables(_ db: Database) throws {
        try addWarnings(db)
        try addNotes(db)
        try addUsedResults(db)
        try addPurges(db)
    }

    private static func addWarnings(_ db: Database) throws {
        try db.execute(
            sql: """
                -- What a person should know of a run; no title: of all of it.
                CREATE TABLE IF NOT EXISTS warnings (
                    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs (id), title TEXT, message TEXT NOT NULL);
                CREATE INDEX IF NOT EXISTS warnings_by_run ON warnings (run);
                """)
    }

    private static func addNotes(_ db: Database) throws {
        try db.execute(
            sql: """
                -- What a person should know of a run and need do nothing about; an empty title: of all of it.
                CREATE TABLE IF NOT EXISTS notes (
                    run INTEGER NOT NULL, title TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (run, title)) WITHOUT ROWID;
                """)
    }

    private static func addUsedResults(_ db: Database) throws {
        try db.execute(
            sql: """
                -- When a result was last of use after it was written.
                CREATE TABLE IF NOT EXISTS used_results (key TEXT PRIMARY KEY, used_at REAL NOT NULL) WITHOUT ROWID;
                """)
    }

    /// Purges that earlier programs wrote down as facts become its rows.
    private static func addPurges(_ db: Database) throws {
        try db.execute(
            sql: """
                -- Versions that a CDN is still to be told of.
                CREATE TABLE IF NOT EXISTS purges (
                    catalog TEXT NOT NULL, title TEXT NOT NULL, version TEXT NOT NULL, location TEXT NOT NULL,
                    PRIMARY KEY (catalog, title, version)) WITHOUT ROWID;
                """)
        let mark = "purge "
        for fact in try Row.fetchAll(db, sql: "SELECT name, value FROM facts WHERE substr(name, 1, ?) = ?", arguments: [mark.count, mark]) {
            let (name, value): (String, String) = (fact["name"], fact["value"])
            // What cannot be read stays as it is: the fact is not deleted.
            guard let purge = try? JSONDecoder().decode(Purge.self, from: Data(value.utf8)) else { continue }
            let ending = " \(purge.title) \(purge.version)"
            guard name.hasSuffix(ending) else { continue }
            try db.execute(
                sql: "INSERT OR REPLACE INTO purges (catalog, title, version, location) VALUES (?, ?, ?, ?)",
                arguments: [String(name.dropFirst(mark.count).dropLast(ending.count)), purge.title, purge.version, purge.location])
            try db.execute(sql: "DELETE FROM facts WHERE name = ?", arguments: [name])
        }
    }
}
