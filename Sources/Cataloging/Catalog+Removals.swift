internal import Foundation
internal import GRDB

/// Removals of versions' files, told to whoever may be publishing the same version at that moment, on whatever machine. A bucket has no
/// lock, so the catalog, which both ask, says who came first: `gc` begins a removal before the first file goes, and a run, which looked
/// before its first file, demands in its transaction that none was begun since.
extension Catalog {
    /// How long a removal takes at most. One that is older was ended by a signal or a machine, and keeps no run from publishing.
    package static let removalPatience: Int64 = 3600

    /// Begins the removal of a version's files; with it the catalog forgets a version that is not current.
    /// - Parameters:
    ///   - isSuperseded: whether the catalog may know it. False: one that it has come to know stays.
    ///   - now: Unix seconds.
    /// - Returns: false where the version is needed: nothing was changed, and no file may go.
    package func beginRemoval(
        of id: String, version: String, isSuperseded: Bool, now: Int64 = Int64(Date().timeIntervalSince1970)
    ) throws(CatalogError) -> Bool {
        try changing("begin the removal of \(version)") { db in
            if isSuperseded {
                try db.execute(
                    sql: """
                        DELETE FROM versions WHERE title_id = ? AND version = ?
                        AND version <> (SELECT current_version FROM titles WHERE titles.id = title_id)
                        """,
                    arguments: [id, version])
            }
            let isKnown = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM versions WHERE title_id = ? AND version = ?)", arguments: [id, version])
            guard isKnown == false else { return false }
            try db.execute(
                sql: """
                    INSERT INTO removals (title_id, version, count, begun_at) VALUES (?, ?, 1, ?)
                    ON CONFLICT (title_id, version) DO UPDATE SET count = count + 1, begun_at = excluded.begun_at
                    """,
                arguments: [id, version, now])
            return true
        }
    }

    /// The files are gone, or stay after all.
    package func endRemoval(of id: String, version: String) throws(CatalogError) {
        try changing("end the removal of \(version)") { db in
            try db.execute(sql: "UPDATE removals SET begun_at = NULL WHERE title_id = ? AND version = ?", arguments: [id, version])
        }
    }

    /// How many times files of a version were removed: what `CatalogEntry.removals` wants, asked before the first file is published.
    /// - Throws: `conflict` while a removal is going on.
    package func removals(
        of id: String, version: String, now: Int64 = Int64(Date().timeIntervalSince1970)
    ) throws(CatalogError) -> Int {
        let row = try asking("read") { db in
            try Row.fetchOne(db, sql: "SELECT count, begun_at FROM removals WHERE title_id = ? AND version = ?", arguments: [id, version])
        }
        guard let row else { return 0 }
        if let begun = row["begun_at"] as Int64?, now - begun < Self.removalPatience {
            throw CatalogError(
                .conflict, operation: "publish", detail: "\(id): 'reelmill gc' is removing an old copy of version \(version); run again")
        }
        return row["count"]
    }

    /// - Throws: `conflict` where files of the version may have gone since the run looked.
    static func demandNoRemoval(_ db: Database, of id: String, version: String, since removals: Int) throws {
        let count = try Int.fetchOne(
            db, sql: "SELECT count FROM removals WHERE title_id = ? AND version = ?", arguments: [id, version])
        guard (count ?? 0) == removals else {
            throw CatalogError(
                .conflict, operation: "publish",
                detail: "\(id): 'reelmill gc' removed files of version \(version) while they were being published; run again")
        }
    }
}
