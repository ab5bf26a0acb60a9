internal import GRDB
internal import MediaModel

/// A published version as rows. Writing.
extension VersionRows {
    /// Writes a version's rows, the same way whether they are there already or not: a version that was published before, and
    /// is published again (after a rollback, or into another store), ends with the facts of its newest package.
    static func write(_ db: Database, _ entry: CatalogEntry) throws {
        let package = entry.package
        try db.execute(
            sql: """
                INSERT INTO versions (title_id, version, location, published_at, cpu_seconds, package_format, duration,
                duration_seconds, source_sha256, source_bytes, reelmill, preset, asked, asked_files, preset_sha256, engine)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (title_id, version) DO UPDATE SET location = excluded.location, published_at = excluded.published_at,
                cpu_seconds = MAX(cpu_seconds, excluded.cpu_seconds), package_format = excluded.package_format,
                duration = excluded.duration, duration_seconds = excluded.duration_seconds,
                source_sha256 = excluded.source_sha256, source_bytes = excluded.source_bytes, reelmill = excluded.reelmill,
                preset = excluded.preset, asked = excluded.asked, asked_files = excluded.asked_files,
                preset_sha256 = excluded.preset_sha256, engine = excluded.engine
                """,
            arguments: [
                package.id, package.version, entry.location, entry.publishedAt, entry.cpuSeconds, package.formatVersion,
                package.duration.description, package.duration.approximate, package.source.sha256, package.source.bytes,
                package.provenance.reelmill, package.provenance.preset, entry.origin.asked, entry.origin.files, entry.origin.presetSHA256,
                entry.origin.engine,
            ])
        guard
            let id = try Int64.fetchOne(
                db, sql: "SELECT id FROM versions WHERE title_id = ? AND version = ?", arguments: [package.id, package.version])
        else { return }
        for table in ["version_libraries", "renditions", "tracks", "images"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE version_id = ?", arguments: [id])
        }
        try writeLibraries(db, package, of: id)
        try writeRenditions(db, package, of: id)
        try writeTracks(db, package, of: id)
        try writeImages(db, package, of: id)
    }

    private static func writeLibraries(_ db: Database, _ package: AssetPackage, of id: Int64) throws {
        for (position, library) in package.provenance.libraries.enumerated() {
            try db.execute(
                sql: "INSERT INTO version_libraries (version_id, position, name, version, build_id) VALUES (?, ?, ?, ?, ?)",
                arguments: [id, position, library.name, library.version, library.buildID])
        }
    }

    private static func writeRenditions(_ db: Database, _ package: AssetPackage, of id: Int64) throws {
        for (position, rendition) in package.renditions.enumerated() {
            try db.execute(
                sql: """
                    INSERT INTO renditions (version_id, position, name, codec, codecs, width, height, frame_rate, frames, bit_rate,
                    max_rate, bandwidth, average_bandwidth, path) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, position, rendition.name, rendition.codec.rawValue, rendition.codecs, rendition.width, rendition.height,
                    rendition.frameRate.description, rendition.frames, rendition.bitRate, rendition.maxRate, rendition.bandwidth,
                    rendition.averageBandwidth, rendition.path,
                ])
        }
    }

    private static func writeTracks(_ db: Database, _ package: AssetPackage, of id: Int64) throws {
        for (position, track) in package.audio.enumerated() {
            try db.execute(
                sql: """
                    INSERT INTO tracks (version_id, kind, position, name, language, label, role, path, codec, codecs, is_default,
                    channels, sample_rate, bit_rate, bandwidth, average_bandwidth)
                    VALUES (?, 'audio', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, position, track.name, track.language, track.label, track.role.rawValue, track.path, track.codec.rawValue,
                    track.codecs, track.isDefault, track.channels, track.sampleRate, track.bitRate, track.bandwidth,
                    track.averageBandwidth,
                ])
        }
        for (position, track) in package.text.enumerated() {
            try db.execute(
                sql: """
                    INSERT INTO tracks (version_id, kind, position, name, language, label, role, path)
                    VALUES (?, 'text', ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [id, position, track.name, track.language, track.label, track.role.rawValue, track.path])
        }
    }

    private static func writeImages(_ db: Database, _ package: AssetPackage, of id: Int64) throws {
        for (position, image) in package.images.enumerated() {
            try db.execute(
                sql: "INSERT INTO images (version_id, position, kind, path, width, height) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [id, position, image.kind.rawValue, image.path, image.width, image.height])
        }
    }
}
