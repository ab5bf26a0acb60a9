internal import Foundation
internal import GRDB
package import MediaModel

/// Where a title stands in the catalog: its current version, what that was asked for and made with, and what a person took back.
package struct Standing: Hashable, Sendable {
    /// A version that a person took back.
    package struct Withdrawn: Hashable, Sendable {
        package var version: String
        /// What it answered to; nil where nobody kept it.
        package var asked: String?
    }

    package var title: String
    package var version: String
    package var location: String
    /// Unix seconds.
    package var publishedAt: Int64
    package var origin: VersionOrigin
    package var packageFormat: Int
    package var sourceSHA256: String
    package var preset: String
    /// Version of the program that made it.
    package var reelmill: String
    /// Seconds, exact.
    package var duration: Rational
    /// Those that it was made with.
    package var libraries: [LibraryIdentity]
    package var withdrawn: [Withdrawn]
}

/// Standings of many titles, with as many queries for a thousand as for one, each by keys alone.
enum StandingRows {
    private static let (fieldMark, rowMark) = ("\u{1F}", "\u{1E}")

    static func read(_ db: Database, of ids: [String]) throws -> [String: Standing] {
        let wanted = String(decoding: try JSONEncoder().encode(ids), as: UTF8.self)
        var withdrawn: [String: [Standing.Withdrawn]] = [:]
        let taken = try Row.fetchAll(
            db,
            sql: "SELECT title_id, version, asked FROM json_each(?) AS wanted CROSS JOIN withdrawn ON title_id = wanted.value",
            arguments: [wanted])
        for row in taken { withdrawn[row["title_id"], default: []].append(.init(version: row["version"], asked: row["asked"])) }
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT versions.*, (
                    SELECT group_concat(name || '\(fieldMark)' || version || '\(fieldMark)' || build_id, '\(rowMark)')
                    FROM (SELECT * FROM version_libraries WHERE version_id = versions.id ORDER BY position)
                ) AS libraries
                FROM json_each(?) AS wanted CROSS JOIN titles ON titles.id = wanted.value
                CROSS JOIN versions ON versions.title_id = titles.id AND versions.version = titles.current_version
                """,
            arguments: [wanted])
        // Most titles were made with the same.
        var known: [String: [LibraryIdentity]] = [:]
        var standings: [String: Standing] = [:]
        while let row = try rows.next() {
            let title: String = row["title_id"]
            let text: String = row["libraries"] ?? ""
            let libraries = known[text] ?? parsed(text)
            known[text] = libraries
            standings[title] = Standing(
                title: title, version: row["version"], location: row["location"], publishedAt: row["published_at"],
                origin: VersionOrigin(
                    asked: row["asked"], files: row["asked_files"], presetSHA256: row["preset_sha256"], engine: row["engine"]),
                packageFormat: row["package_format"], sourceSHA256: row["source_sha256"], preset: row["preset"],
                reelmill: row["reelmill"], duration: try VersionRows.fraction(row, "duration"), libraries: libraries,
                withdrawn: withdrawn[title] ?? [])
        }
        return standings
    }

    private static func parsed(_ text: String) -> [LibraryIdentity] {
        text.split(separator: rowMark).compactMap { line in
            let fields = line.split(separator: fieldMark, omittingEmptySubsequences: false).map(String.init)
            return fields.count == 3 ? LibraryIdentity(name: fields[0], version: fields[1], buildID: fields[2]) : nil
        }
    }
}

extension Catalog {
    /// Those that the catalog has of the titles.
    package func standings(of ids: [String]) throws(CatalogError) -> [String: Standing] {
        try asking("read") { db in try StandingRows.read(db, of: ids) }
    }

    /// All rows of a version; nil where the catalog does not have it.
    package func facts(of id: String, version: String) throws(CatalogError) -> CatalogVersion? {
        try asking("read") { db in try VersionRows.read(db, title: id, version: version) }
    }

    /// Notes what versions that are published already answer to, in one transaction: those of an older program, which kept no note, and
    /// those whose files have other names now.
    package func note(_ origins: [(title: String, version: String, origin: VersionOrigin)]) throws(CatalogError) {
        guard !origins.isEmpty else { return }
        try changing("note what was asked") { db in
            let update = try db.makeStatement(
                sql: """
                    UPDATE versions SET asked = ?, asked_files = ?, preset_sha256 = ?, engine = ? WHERE title_id = ? AND version = ?
                    """)
            for (title, version, origin) in origins {
                try update.execute(arguments: [origin.asked, origin.files, origin.presetSHA256, origin.engine, title, version])
            }
        }
    }

    /// Notes what versions that a person took back answered to, where nobody did when they were.
    package func note(withdrawn asked: [String: String]) throws(CatalogError) {
        guard !asked.isEmpty else { return }
        try changing("note what was asked") { db in
            for (title, asked) in asked {
                try db.execute(sql: "UPDATE withdrawn SET asked = ? WHERE title_id = ? AND asked IS NULL", arguments: [asked, title])
            }
        }
    }
}

extension CatalogReader {
    /// Those that the catalog has of the titles.
    package func standings(of ids: [String]) throws(CatalogError) -> [String: Standing] {
        try read { db in try StandingRows.read(db, of: ids) }
    }

    /// All rows of a version; nil where the catalog does not have it.
    package func facts(of id: String, version: String) throws(CatalogError) -> CatalogVersion? {
        try read { db in try VersionRows.read(db, title: id, version: version) }
    }
}
