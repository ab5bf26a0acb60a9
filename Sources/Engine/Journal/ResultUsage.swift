package import Foundation
import GRDB

/// When results were last of use, and when the unused ones were last looked for. A store of any kind knows when a result was written, but
/// not when it was read; without the journal that alone counts.
package struct ResultUsage: Sendable {
    private let journal: Journal

    package init(_ journal: Journal) { self.journal = journal }

    /// When the work folder was last cleaned, in Unix seconds.
    package var cleanedAt: Double {
        let value = journal.look { db in try String.fetchOne(db, sql: "SELECT value FROM facts WHERE name = 'cleaned_at'") }
        return (value ?? nil).flatMap(Double.init) ?? 0
    }

    /// Takes note that the folder is clean.
    /// - Parameter gone: results that were removed.
    package func cleaned(gone: [TaskKey] = []) {
        journal.note { db in
            try db.execute(sql: "INSERT OR REPLACE INTO facts (name, value) VALUES ('cleaned_at', ?)", arguments: ["\(Journal.now)"])
            for key in gone { try db.execute(sql: "DELETE FROM used_results WHERE key = ?", arguments: [key.description]) }
        }
    }

    /// Takes note that results were of use now: what was not used for longest goes first.
    package func used(_ keys: [TaskKey], at now: Date = Date()) {
        journal.note { db in
            for key in keys {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO used_results (key, used_at) VALUES (?, ?)",
                    arguments: [key.description, now.timeIntervalSince1970])
            }
        }
    }

    /// Every result of a store with the time when it was last of use: written or used, whichever is later.
    package func all(of store: any ArtefactStore) throws -> [(key: TaskKey, used: Date)] {
        let rows = journal.look { db in
            try Row.fetchAll(db, sql: "SELECT key, used_at FROM used_results").map { ($0["key"] as String, $0["used_at"] as Double) }
        }
        let used = Dictionary(rows ?? [], uniquingKeysWith: max)
        return try store.all().map { key, written in
            // What has no record is as old as can be, whoever used it.
            guard written != .distantPast, let seconds = used[key.description] else { return (key, written) }
            return (key, max(written, Date(timeIntervalSince1970: seconds)))
        }
    }
}
