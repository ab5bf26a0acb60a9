internal import Foundation
internal import GRDB

/// What became of a title that a person took off, or restored.
package struct TitleChange: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// It is off, or shown again, from now on.
        case changed
        /// It was so already.
        case unchanged
        /// Nobody ever published it.
        case unknown
    }

    package var title: String
    package var kind: Kind
    /// Those that the catalog has, the newest first; none: their files are gone.
    package var versions: [VersionRecord]

    package init(title: String, kind: Kind, versions: [VersionRecord]) {
        self.title = title
        self.kind = kind
        self.versions = versions
    }
}

/// Titles that a person took off: nobody is shown them, and no run publishes them, until they are restored. Their rows and files stay as
/// they are, so that they can come back at once; `gc` takes both in the end.
extension Catalog {
    /// Takes titles off, all in one transaction. Those that the catalog does not have stay unknown; the others go all the same.
    /// - Parameter now: Unix seconds.
    package func removeTitles(
        _ ids: [String], now: Int64 = Int64(Date().timeIntervalSince1970)
    ) throws(CatalogError) -> [TitleChange] {
        try changing("remove titles") { db in
            try ids.map { id in
                let versions = try Self.versions(db, "WHERE versions.title_id = ?", [id])
                if try Self.isRemoved(db, id) { return TitleChange(title: id, kind: .unchanged, versions: versions) }
                guard !versions.isEmpty else { return TitleChange(title: id, kind: .unknown, versions: []) }
                try db.execute(sql: "INSERT INTO removed_titles (title_id, removed_at) VALUES (?, ?)", arguments: [id, now])
                return TitleChange(title: id, kind: .changed, versions: versions)
            }
        }
    }

    /// Shows titles again, all in one transaction. Of one whose files `gc` took, the next run makes them anew.
    package func restoreTitles(_ ids: [String]) throws(CatalogError) -> [TitleChange] {
        try changing("restore titles") { db in
            try ids.map { id in
                let versions = try Self.versions(db, "WHERE versions.title_id = ?", [id])
                try db.execute(sql: "DELETE FROM removed_titles WHERE title_id = ?", arguments: [id])
                let kind: TitleChange.Kind = db.changesCount == 1 ? .changed : versions.isEmpty ? .unknown : .unchanged
                return TitleChange(title: id, kind: kind, versions: versions)
            }
        }
    }

    /// Whether a person took the title off: no run publishes it.
    package func isRemoved(_ id: String) throws(CatalogError) -> Bool {
        try asking("read") { db in try Self.isRemoved(db, id) }
    }

    static func isRemoved(_ db: Database, _ id: String) throws -> Bool {
        try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM removed_titles WHERE title_id = ?)", arguments: [id]) ?? false
    }

    /// A run finds out here that the title was taken off while it was being made.
    static func demandNotRemoved(_ db: Database, _ id: String) throws {
        guard try isRemoved(db, id) else { return }
        throw CatalogError(
            .removed, operation: "publish", detail: "\(id): it was taken off with 'catalog remove'; 'catalog restore \(id)' brings it back")
    }

    /// Forgets a title that was taken off before `time`, once `version` is the last that the catalog has of it: its files may go.
    static func forget(_ db: Database, _ id: String, last version: String, removedBefore time: Int64) throws {
        let isDue = try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM removed_titles WHERE title_id = ?1 AND removed_at < ?3)
                AND EXISTS (SELECT 1 FROM titles WHERE id = ?1 AND current_version = ?2)
                AND NOT EXISTS (SELECT 1 FROM versions WHERE title_id = ?1 AND version <> ?2)
                """,
            arguments: [id, version, time])
        guard isDue == true else { return }
        let left = try MetadataRows.References(db, of: id)
        try db.execute(sql: "DELETE FROM titles WHERE id = ?", arguments: [id])
        try left.removeUnused(db)
    }
}
