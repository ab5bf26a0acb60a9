import GRDB

/// Requests that a catalog's CDN is still to be sent, kept from before the catalog's transaction until they were sent.
package struct PurgeOutbox: Sendable {
    private let journal: Journal
    private let catalog: String

    package init(_ journal: Journal, catalog: String) {
        self.journal = journal
        self.catalog = catalog
    }

    /// Returns once it would survive a power cut.
    package func enqueue(_ purge: Purge) {
        try? journal.queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            defer { try? db.execute(sql: "PRAGMA synchronous = NORMAL") }
            try db.execute(
                sql: "INSERT OR REPLACE INTO purges (catalog, title, version, location) VALUES (?, ?, ?, ?)",
                arguments: [catalog, purge.title, purge.version, purge.location])
        }
    }

    /// Takes one out that was sent, or need not be any more; a newer one of the same version, with another address, stays.
    package func remove(_ purge: Purge) {
        journal.note { db in
            try db.execute(
                sql: "DELETE FROM purges WHERE catalog = ? AND title = ? AND version = ? AND location = ?",
                arguments: [catalog, purge.title, purge.version, purge.location])
        }
    }

    /// What is still to be sent.
    package var pending: [Purge] {
        let purges = journal.look { db in
            try Row.fetchAll(
                db, sql: "SELECT title, version, location FROM purges WHERE catalog = ? ORDER BY title, version", arguments: [catalog]
            ).map { Purge(title: $0["title"], version: $0["version"], location: $0["location"]) }
        }
        return purges ?? []
    }
}
