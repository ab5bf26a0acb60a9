internal import GRDB
internal import MediaModel

/// The list of titles: first which there are, then page by page what is known of them.
enum SummaryRows {
    /// Ids of all titles by name, one a line: one pass over an index, inside SQLite, so that it takes milliseconds for a hundred thousand.
    /// - Parameter withRemoved: whether those that were taken off are among them.
    static func ids(_ db: Database, withRemoved: Bool) throws -> String {
        let which = withRemoved ? "" : "WHERE NOT EXISTS (SELECT 1 FROM removed_titles WHERE title_id = titles.id)"
        return try String.fetchOne(
            db,
            sql: """
                SELECT group_concat(id, char(10)) FROM (SELECT id FROM titles \(which) ORDER BY name COLLATE NOCASE, id)
                """) ?? ""
    }

    /// These titles, in this order, with as many queries for a hundred as for one. One that has gone meanwhile is left out.
    static func read(_ db: Database, of ids: [String], withRemoved: Bool) throws -> [CatalogSummary] {
        let metadata = try MetadataRows.read(db, of: ids)
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT versions.*, removed_at FROM titles JOIN versions ON versions.title_id = titles.id AND version = current_version
                LEFT JOIN removed_titles ON removed_titles.title_id = titles.id
                WHERE titles.id IN (\(databaseQuestionMarks(count: ids.count)))
                """, arguments: StatementArguments(ids))
        let versions: [Int64] = rows.map { $0["id"] }
        let images = try Dictionary(
            grouping: Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM images WHERE version_id IN (\(databaseQuestionMarks(count: versions.count)))
                    ORDER BY version_id, position
                    """,
                arguments: StatementArguments(versions))
        ) { row -> Int64 in row["version_id"] }
        var found: [String: CatalogSummary] = [:]
        for row in rows {
            let id: String = row["title_id"]
            guard let known = metadata[id], withRemoved || row["removed_at"] == nil else { continue }
            found[id] = CatalogSummary(
                id: id, metadata: known, version: row["version"], duration: try VersionRows.fraction(row, "duration"),
                publishedAt: row["published_at"], location: row["location"],
                images: try (images[row["id"]] ?? []).map(VersionRows.image), removedAt: row["removed_at"])
        }
        return ids.compactMap { found[$0] }
    }
}
