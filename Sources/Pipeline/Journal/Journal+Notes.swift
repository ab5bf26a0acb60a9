import GRDB

/// What a run found that a person should know, and need do nothing about.
extension Journal {
    /// - Parameter title: empty: the whole run.
    func keep(note: String, of title: String = "") {
        self.note { db in
            try db.execute(sql: "INSERT OR REPLACE INTO notes (run, title, note) VALUES (?, ?, ?)", arguments: [run, title, note])
        }
    }

    /// A table that came without a new version, so that no journal is begun anew for it.
    static func addNotes(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS notes (
                    run INTEGER NOT NULL, title TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (run, title)) WITHOUT ROWID;
                """)
    }

    /// The notes of a run by title; none in a journal of an older program.
    static func notes(_ db: Database, run: Int64) throws -> [String: String] {
        guard try db.tableExists("notes") else { return [:] }
        let rows = try Row.fetchAll(db, sql: "SELECT title, note FROM notes WHERE run = ?", arguments: [run])
        return Dictionary(rows.map { ($0["title"], $0["note"]) }, uniquingKeysWith: { first, _ in first })
    }
}
