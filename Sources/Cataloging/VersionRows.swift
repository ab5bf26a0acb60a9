internal import GRDB
internal import MediaModel

/// A published version as rows: `versions` with its libraries, renditions, tracks and images. Reading.
enum VersionRows {
    /// The rows of one version of a title; nil where there is none.
    static func read(_ db: Database, title: String, version: String) throws -> CatalogVersion? {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM versions WHERE title_id = ? AND version = ?", arguments: [title, version])
        else { return nil }
        let id: Int64 = row["id"]
        let libraries = try children(db, of: id, in: "version_libraries").map {
            LibraryIdentity(name: $0["name"], version: $0["version"], buildID: $0["build_id"])
        }
        return CatalogVersion(
            version: version, location: row["location"], publishedAt: row["published_at"], cpuSeconds: row["cpu_seconds"],
            packageFormat: row["package_format"], duration: try fraction(row, "duration"),
            source: PackageSource(sha256: row["source_sha256"], bytes: row["source_bytes"]),
            provenance: Provenance(reelmill: row["reelmill"], preset: row["preset"], libraries: libraries),
            renditions: try children(db, of: id, in: "renditions").map(rendition),
            audio: try children(db, of: id, in: "tracks", where: "kind = 'audio'").map(audioTrack),
            text: try children(db, of: id, in: "tracks", where: "kind = 'text'").map(textTrack),
            images: try children(db, of: id, in: "images").map(image))
    }

    private static func children(_ db: Database, of id: Int64, in table: String, where condition: String = "1") throws -> [Row] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM \(table) WHERE version_id = ? AND \(condition) ORDER BY position", arguments: [id])
    }

    private static func rendition(_ row: Row) throws -> CatalogRendition {
        CatalogRendition(
            name: row["name"], codec: try value(row, "codec"), codecs: row["codecs"], width: row["width"], height: row["height"],
            frameRate: try fraction(row, "frame_rate"), frames: row["frames"], bitRate: row["bit_rate"], maxRate: row["max_rate"],
            bandwidth: row["bandwidth"], averageBandwidth: row["average_bandwidth"], path: row["path"])
    }

    private static func audioTrack(_ row: Row) throws -> CatalogAudioTrack {
        CatalogAudioTrack(
            name: row["name"], codec: try value(row, "codec"), codecs: row["codecs"], language: row["language"],
            label: row["label"], role: try value(row, "role"), isDefault: row["is_default"], channels: row["channels"],
            sampleRate: row["sample_rate"], bitRate: row["bit_rate"], bandwidth: row["bandwidth"],
            averageBandwidth: row["average_bandwidth"], path: row["path"])
    }

    private static func textTrack(_ row: Row) throws -> CatalogTextTrack {
        CatalogTextTrack(
            name: row["name"], language: row["language"], label: row["label"], role: try value(row, "role"), path: row["path"])
    }

    /// An image of any version, from a row of `images`.
    static func image(_ row: Row) throws -> PackageImage {
        PackageImage(kind: try value(row, "kind"), path: row["path"], width: row["width"], height: row["height"])
    }

    /// A word of a closed list. One that this program does not know means that the file was changed by other hands.
    static func value<Word: RawRepresentable<String>>(_ row: Row, _ column: String) throws -> Word {
        let text: String = row[column]
        guard let word = Word(rawValue: text) else { throw unreadable(column, text) }
        return word
    }

    /// An exact fraction, kept as text.
    static func fraction(_ row: Row, _ column: String) throws -> Rational {
        let text: String = row[column]
        guard let fraction = Rational(text) else { throw unreadable(column, text) }
        return fraction
    }

    private static func unreadable(_ column: String, _ text: String) -> CatalogError {
        CatalogError(
            .notACatalog, operation: "read",
            detail: "the column \(column) holds '\(text)', which this program does not know; was the file changed by hand?")
    }
}
