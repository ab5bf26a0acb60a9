internal import Foundation
internal import GRDB

/// A published version as the catalog knows it.
package struct VersionRecord: Hashable, Sendable {
    package var title: String
    package var version: String
    package var location: String
    /// Unix seconds.
    package var publishedAt: Int64
    package var isCurrent: Bool

    package init(title: String, version: String, location: String, publishedAt: Int64, isCurrent: Bool) {
        self.title = title
        self.version = version
        self.location = location
        self.publishedAt = publishedAt
        self.isCurrent = isCurrent
    }
}

/// Versions that are not the newest, and those that a person took back.
extension Catalog {
    /// All versions of a title, or of all titles, by title, the newest first.
    package func versions(of id: String? = nil) throws(CatalogError) -> [VersionRecord] {
        try asking("read") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT title_id, version, location, published_at, version = current_version AS is_current
                    FROM versions JOIN titles ON titles.id = title_id WHERE ? IS NULL OR title_id = ?
                    ORDER BY title_id, published_at DESC, versions.id DESC
                    """,
                arguments: [id, id]
            ).map { row in
                VersionRecord(
                    title: row["title_id"], version: row["version"], location: row["location"], publishedAt: row["published_at"],
                    isCurrent: row["is_current"])
            }
        }
    }

    /// Whether a person took the version back: no run makes it current again.
    package func isWithdrawn(_ id: String, version: String) throws(CatalogError) -> Bool {
        try asking("read") { db in try Self.isWithdrawn(db, id, version: version) }
    }

    static func isWithdrawn(_ db: Database, _ id: String, version: String) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM withdrawn WHERE title_id = ? AND version = ?)", arguments: [id, version]) ?? false
    }

    /// A version becomes current by being published. One that was never taken back is what the person was waiting for: with it the title's
    /// story begins anew, and what was taken back before is forgotten.
    /// - Throws: `conflict` for one that was taken back, which a run finds out here when it happened while the run was making it.
    static func welcome(_ db: Database, _ version: String, of id: String) throws {
        guard try !isWithdrawn(db, id, version: version) else {
            throw CatalogError(
                .conflict, operation: "publish", detail: "\(id): version \(version) was taken back; change the title, or roll back to it")
        }
        try db.execute(sql: "DELETE FROM withdrawn WHERE title_id = ?", arguments: [id])
    }

    /// What a rollback leaves, and what it makes current.
    /// - Parameter version: nil: the one that was published before the current one.
    /// - Throws: `unknownTitle` for a title or a version that is not there, or where there is no earlier one.
    package func rollback(of id: String, to version: String?) throws(CatalogError) -> (from: VersionRecord, to: VersionRecord) {
        let versions = try versions(of: id)
        guard let current = versions.first(where: \.isCurrent) else {
            throw CatalogError(.unknownTitle, operation: "roll back", detail: "\(id): the catalog has no such title")
        }
        let earlier = versions.drop { !$0.isCurrent }.dropFirst().first
        let found = version.map { wanted in versions.first { $0.version == wanted && !$0.isCurrent } } ?? earlier
        guard let target = found else {
            let others = versions.filter { !$0.isCurrent }.map(\.version)
            throw CatalogError(
                .unknownTitle, operation: "roll back",
                detail: "\(id): there is no \(version.map { "version \($0)" } ?? "earlier version") to go back to"
                    + (others.isEmpty ? "" : "; there are \(others.joined(separator: ", "))"))
        }
        return (current, target)
    }

    /// Makes `goal` current, in one transaction; `left`, and whatever was taken back before, counts as taken back.
    /// - Throws: `conflict` where `left` is not the current version, or `goal` is not there, by now.
    package func rollBack(_ id: String, from left: String, to goal: String) throws(CatalogError) {
        try changing("roll back") { db in
            try db.execute(
                sql: """
                    UPDATE titles SET current_version = ? WHERE id = ? AND current_version = ?
                    AND EXISTS (SELECT 1 FROM versions WHERE title_id = ? AND version = ?)
                    """,
                arguments: [goal, id, left, id, goal])
            guard db.changesCount == 1 else {
                throw CatalogError(
                    .conflict, operation: "roll back", detail: "\(id): its versions are not what they were a moment ago; look again")
            }
            try db.execute(sql: "INSERT OR IGNORE INTO withdrawn (title_id, version) VALUES (?, ?)", arguments: [id, left])
            try db.execute(sql: "DELETE FROM withdrawn WHERE title_id = ? AND version = ?", arguments: [id, goal])
        }
    }
}
