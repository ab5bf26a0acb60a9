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
    /// When it ceased to be current, Unix seconds; nil for the current one.
    package var supersededAt: Int64?
    /// When its title was taken off, Unix seconds; nil: it is shown.
    package var titleRemovedAt: Int64?

    package init(
        title: String, version: String, location: String, publishedAt: Int64, isCurrent: Bool, supersededAt: Int64? = nil,
        titleRemovedAt: Int64? = nil
    ) {
        self.title = title
        self.version = version
        self.location = location
        self.publishedAt = publishedAt
        self.isCurrent = isCurrent
        self.supersededAt = supersededAt
        self.titleRemovedAt = titleRemovedAt
    }
}

/// Versions that are not the newest, and those that a person took back.
extension Catalog {
    /// All versions of all titles, by title, the newest first.
    package func versions() throws(CatalogError) -> [VersionRecord] {
        try asking("read") { db in try Self.versions(db, "", []) }
    }

    /// All versions of a title, the newest first.
    package func versions(of id: String) throws(CatalogError) -> [VersionRecord] {
        try asking("read") { db in try Self.versions(db, "WHERE versions.title_id = ?", [id]) }
    }

    static func versions(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws -> [VersionRecord] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT versions.title_id, version, location, published_at, version = current_version AS is_current, superseded_at,
                removed_at FROM versions JOIN titles ON titles.id = versions.title_id
                LEFT JOIN removed_titles ON removed_titles.title_id = versions.title_id \(condition)
                ORDER BY versions.title_id, published_at DESC, versions.id DESC
                """,
            arguments: arguments
        ).map { row in
            VersionRecord(
                title: row["title_id"], version: row["version"], location: row["location"], publishedAt: row["published_at"],
                isCurrent: row["is_current"], supersededAt: row["superseded_at"], titleRemovedAt: row["removed_at"])
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

    /// A newer version takes the place of `left`: it is the one to go back to.
    static func supersede(_ db: Database, _ left: String?, of id: String, by new: String, at time: Int64) throws {
        try db.execute(
            sql: """
                UPDATE versions SET superseded_at = ?,
                superseded_order = 1 + (SELECT COALESCE(MAX(superseded_order), 0) FROM versions WHERE title_id = ?)
                WHERE title_id = ? AND version = ?
                """,
            arguments: [time, id, id, left])
        try db.execute(
            sql: "UPDATE versions SET superseded_at = NULL, superseded_order = NULL WHERE title_id = ? AND version = ?",
            arguments: [id, new])
    }

    /// The version that was current before the current one and was not taken back; nil: there is none.
    private func earlier(than current: VersionRecord) throws(CatalogError) -> String? {
        try asking("read") { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT version FROM versions AS earlier WHERE title_id = ? AND version <> ? AND superseded_order <
                    (SELECT COALESCE(superseded_order, \(Int64.max)) FROM versions WHERE title_id = earlier.title_id AND version = ?)
                    ORDER BY superseded_order DESC LIMIT 1
                    """,
                arguments: [current.title, current.version, current.version])
        }
    }

    /// What a rollback leaves, and what it makes current.
    /// - Parameter version: nil: the one that was current before the current one took its place.
    /// - Throws: `unknownTitle` for a title or a version that is not there, or where there is no earlier one.
    package func rollback(of id: String, to version: String?) throws(CatalogError) -> (from: VersionRecord, to: VersionRecord) {
        let versions = try versions(of: id)
        guard let current = versions.first(where: \.isCurrent) else {
            throw CatalogError(.unknownTitle, operation: "roll back", detail: "\(id): the catalog has no such title")
        }
        let wanted = if let version { version } else { try earlier(than: current) }
        guard let target = versions.first(where: { $0.version == wanted && !$0.isCurrent }) else {
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
    package func rollBack(
        _ id: String, from left: String, to goal: String, now: Int64 = Int64(Date().timeIntervalSince1970)
    ) throws(CatalogError) {
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
            // Of two that were gone back to, the earlier one keeps its place when the later one is current again.
            try db.execute(
                sql: """
                    UPDATE versions SET superseded_at = ?, superseded_order = CASE WHEN superseded_order <
                    (SELECT COALESCE(superseded_order, \(Int64.max)) FROM versions WHERE title_id = ? AND version = ?)
                    THEN superseded_order END WHERE title_id = ? AND version = ?
                    """,
                arguments: [now, id, goal, id, left])
            try db.execute(sql: "UPDATE versions SET superseded_at = NULL WHERE title_id = ? AND version = ?", arguments: [id, goal])
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO withdrawn (title_id, version, asked)
                    SELECT title_id, version, asked FROM versions WHERE title_id = ? AND version = ?
                    """,
                arguments: [id, left])
            try db.execute(sql: "DELETE FROM withdrawn WHERE title_id = ? AND version = ?", arguments: [id, goal])
        }
    }
}

extension CatalogReader {
    /// All versions of a title, the newest first.
    package func versions(of id: String) throws(CatalogError) -> [VersionRecord] {
        try read { db in try Catalog.versions(db, "WHERE versions.title_id = ?", [id]) }
    }
}
