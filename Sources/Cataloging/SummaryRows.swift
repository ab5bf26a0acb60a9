internal import GRDB
internal import MediaModel

/// The list of titles, read with as many queries for a thousand titles as for one.
enum SummaryRows {
    static func read(_ db: Database) throws -> [CatalogSummary] {
        let metadata = try MetadataRows.read(db)
        let images = try Dictionary(
            grouping: Row.fetchAll(
                db,
                sql: """
                    SELECT images.* FROM images JOIN versions ON versions.id = version_id
                    JOIN titles ON titles.id = title_id AND current_version = version ORDER BY version_id, position
                    """)
        ) { row -> Int64 in row["version_id"] }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT versions.* FROM titles JOIN versions ON title_id = titles.id AND version = current_version
                ORDER BY name COLLATE NOCASE, titles.id
                """)
        return try rows.compactMap { row in
            let id: String = row["title_id"]
            guard let known = metadata[id] else { return nil }
            return CatalogSummary(
                id: id, metadata: known, version: row["version"], duration: try VersionRows.fraction(row, "duration"),
                publishedAt: row["published_at"], location: row["location"],
                images: try (images[row["id"]] ?? []).map(VersionRows.image))
        }
    }
}
