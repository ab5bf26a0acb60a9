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
}

/// Versions that are not the newest: taken back, or forgotten.
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

    /// The version that was taken back, which no run makes current again; nil for none.
    package func withdrawnVersion(of id: String) throws(CatalogError) -> String? {
        try asking("read") { db in
            try String.fetchOne(db, sql: "SELECT withdrawn_version FROM titles WHERE id = ?", arguments: [id])
        }
    }

    /// Makes an earlier version current, in one transaction; the current one counts as taken back.
    /// - Parameter version: nil: the one that was published before the current one.
    /// - Returns: the version that is current now.
    /// - Throws: `unknownTitle` for a title or a version that is not there, or where there is no earlier one.
    package func rollBack(_ id: String, to version: String?) throws(CatalogError) -> VersionRecord {
        let versions = try versions(of: id)
        guard let current = versions.first(where: \.isCurrent) else {
            throw CatalogError(.unknownTitle, operation: "roll back", detail: "\(id): the catalog has no such title")
        }
        let earlier = versions.drop { !$0.isCurrent }.dropFirst().first
        let found = version.map { wanted in versions.first { $0.version == wanted && !$0.isCurrent } } ?? earlier
        guard var target = found else {
            let others = versions.filter { !$0.isCurrent }.map(\.version)
            throw CatalogError(
                .unknownTitle, operation: "roll back",
                detail: "\(id): there is no \(version.map { "version \($0)" } ?? "earlier version") to go back to"
                    + (others.isEmpty ? "" : "; there are \(others.joined(separator: ", "))"))
        }
        let (goal, old) = (target.version, current.version)
        try writing("roll back") { db in
            try db.execute(
                sql: "UPDATE titles SET current_version = ?, withdrawn_version = ? WHERE id = ? AND current_version = ?",
                arguments: [goal, old, id, old])
            guard db.changesCount == 1 else {
                throw CatalogError(
                    .conflict, operation: "roll back", detail: "\(id): another run made another version current meanwhile; look again")
            }
        }
        target.isCurrent = true
        return target
    }

    /// Forgets a version that is not current, with all its rows.
    package func forget(_ id: String, version: String) throws(CatalogError) {
        try writing("forget") { db in
            try db.execute(
                sql: """
                    DELETE FROM versions WHERE title_id = ? AND version = ?
                    AND version <> (SELECT current_version FROM titles WHERE titles.id = title_id)
                    """,
                arguments: [id, version])
        }
    }
}
