internal import GRDB

/// The catalog's tables, as numbered steps: step 1 makes an empty database version 1. A step that was released is never changed.
enum Schema {
    static let steps = [firstStep, secondStep, thirdStep, fourthStep, fifthStep, removedTitlesStep, askedStep]
    static var current: Int { steps.count }

    /// The version of the schema in `db`; 0 for an empty database. Throws for a database that belongs to something else.
    static func version(_ db: Database, file: String) throws -> Int {
        let tables = try Set(String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
        if tables.contains("schema_version"), let version = try Int.fetchOne(db, sql: "SELECT MAX(version) FROM schema_version") {
            return version
        }
        guard tables.isEmpty else {
            throw CatalogError(
                .notACatalog, operation: "open", detail: "\(file): is an SQLite database, but no catalog; name another file")
        }
        return 0
    }

    /// Brings an empty or older database to the current schema, inside the caller's transaction. Refuses a newer one.
    static func migrate(_ db: Database, file: String) throws {
        let version = try version(db, file: file)
        try refuseNewer(version, file: file)
        for step in version..<current {
            try db.execute(sql: steps[step])
            try db.execute(sql: "INSERT INTO schema_version (version) VALUES (?)", arguments: [step + 1])
        }
    }

    /// Throws unless the database has exactly the schema that this program reads.
    static func require(_ db: Database, file: String) throws {
        let version = try version(db, file: file)
        try refuseNewer(version, file: file)
        guard version > 0 else {
            throw CatalogError(.notACatalog, operation: "open", detail: "\(file): is empty; publish a title first: reelmill run MANIFEST")
        }
        guard version == current else {
            throw CatalogError(
                .wrongSchema, operation: "open",
                detail: "\(file): has schema \(version), older than the \(current) of this program; "
                    + "the next 'reelmill run' of this program's version brings it up to date")
        }
    }

    private static func refuseNewer(_ version: Int, file: String) throws {
        guard version <= current else {
            throw CatalogError(
                .wrongSchema, operation: "open",
                detail: "\(file): has schema \(version), newer than the \(current) that this program knows; use a newer program")
        }
    }

    /// `titles.current_version` and `versions` point at each other, so that a title without a version cannot exist;
    /// the reference is checked at the end of the transaction.
    private static let firstStep = """
        CREATE TABLE schema_version (
            version INTEGER NOT NULL PRIMARY KEY
        );
        CREATE TABLE series (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL
        );
        CREATE TABLE titles (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            year INTEGER,
            synopsis TEXT,
            maturity INTEGER,
            language TEXT,
            series_id TEXT REFERENCES series (id),
            season INTEGER,
            episode INTEGER,
            current_version TEXT NOT NULL,
            CHECK ((series_id IS NULL) = (season IS NULL) AND (series_id IS NULL) = (episode IS NULL)),
            FOREIGN KEY (id, current_version) REFERENCES versions (title_id, version) DEFERRABLE INITIALLY DEFERRED
        );
        CREATE INDEX titles_by_name ON titles (name COLLATE NOCASE, id);
        CREATE INDEX titles_by_series ON titles (series_id, season, episode);
        CREATE TABLE people (
            id INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        );
        CREATE TABLE title_people (
            title_id TEXT NOT NULL REFERENCES titles (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            person_id INTEGER NOT NULL REFERENCES people (id),
            role TEXT NOT NULL,
            PRIMARY KEY (title_id, position)
        );
        CREATE INDEX title_people_by_person ON title_people (person_id);
        CREATE TABLE genres (
            id INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        );
        CREATE TABLE title_genres (
            title_id TEXT NOT NULL REFERENCES titles (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            genre_id INTEGER NOT NULL REFERENCES genres (id),
            PRIMARY KEY (title_id, position)
        );
        CREATE INDEX title_genres_by_genre ON title_genres (genre_id);
        CREATE TABLE versions (
            id INTEGER NOT NULL PRIMARY KEY,
            title_id TEXT NOT NULL REFERENCES titles (id) ON DELETE CASCADE,
            version TEXT NOT NULL,
            location TEXT NOT NULL,
            published_at INTEGER NOT NULL,
            cpu_seconds REAL NOT NULL,
            package_format INTEGER NOT NULL,
            duration TEXT NOT NULL,
            duration_seconds REAL NOT NULL,
            source_sha256 TEXT NOT NULL,
            source_bytes INTEGER NOT NULL,
            reelmill TEXT NOT NULL,
            preset TEXT NOT NULL,
            UNIQUE (title_id, version)
        );
        CREATE TABLE version_libraries (
            version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            build_id TEXT NOT NULL,
            PRIMARY KEY (version_id, position)
        );
        CREATE TABLE renditions (
            version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            codec TEXT NOT NULL,
            codecs TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            frame_rate TEXT NOT NULL,
            frames INTEGER NOT NULL,
            bit_rate INTEGER,
            max_rate INTEGER NOT NULL,
            bandwidth INTEGER NOT NULL,
            average_bandwidth INTEGER NOT NULL,
            path TEXT NOT NULL,
            PRIMARY KEY (version_id, position)
        );
        CREATE TABLE tracks (
            version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('audio', 'text')),
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            language TEXT NOT NULL,
            label TEXT NOT NULL,
            role TEXT NOT NULL,
            path TEXT NOT NULL,
            codec TEXT,
            codecs TEXT,
            is_default INTEGER,
            channels INTEGER,
            sample_rate INTEGER,
            bit_rate INTEGER,
            bandwidth INTEGER,
            average_bandwidth INTEGER,
            CHECK (kind = 'text' OR (codec IS NOT NULL AND codecs IS NOT NULL AND channels IS NOT NULL)),
            PRIMARY KEY (version_id, kind, position)
        );
        CREATE TABLE images (
            version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL,
            path TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            PRIMARY KEY (version_id, position)
        );
        """

    /// The version that a person took back; a run must not make it current again by itself.
    private static let secondStep = "ALTER TABLE titles ADD COLUMN withdrawn_version TEXT;"

    /// All versions that a person took back, not the last alone. One outlives its rows in `versions`: what was taken back, and then
    /// forgotten by `gc`, must not come again either.
    private static let thirdStep = """
        CREATE TABLE withdrawn (
            title_id TEXT NOT NULL REFERENCES titles (id) ON DELETE CASCADE,
            version TEXT NOT NULL,
            PRIMARY KEY (title_id, version)
        );
        INSERT INTO withdrawn (title_id, version) SELECT id, withdrawn_version FROM titles WHERE withdrawn_version IS NOT NULL;
        ALTER TABLE titles DROP COLUMN withdrawn_version;
        """

    /// Removals of versions' files: how many were begun, and since when one goes on. They outlive the rows of version and title.
    private static let fourthStep = """
        CREATE TABLE removals (
            title_id TEXT NOT NULL,
            version TEXT NOT NULL,
            count INTEGER NOT NULL,
            begun_at INTEGER,
            PRIMARY KEY (title_id, version)
        );
        """

    /// When a version ceased to be current, in Unix seconds, NULL for the current one; and its place among those that a newer one took the
    /// place of, which no clock can turn round: NULL for one that was taken back. A version that was gone back to keeps its place, so that
    /// those before it are known.
    ///
    /// Of versions newer than the current one nobody wrote down when they were taken back: it may have been a moment ago.
    private static let fifthStep = """
        ALTER TABLE versions ADD COLUMN superseded_at INTEGER;
        ALTER TABLE versions ADD COLUMN superseded_order INTEGER;
        WITH places AS (
            SELECT versions.id AS id, version = current_version AS is_current, SUM(version = current_version) OVER line AS is_not_before,
            ROW_NUMBER() OVER line AS place, LEAD(published_at) OVER line AS next_at
            FROM versions JOIN titles ON titles.id = title_id
            WINDOW line AS (PARTITION BY title_id ORDER BY published_at, versions.id)
        )
        UPDATE versions SET
            superseded_at = CASE
                WHEN is_current THEN NULL WHEN is_not_before THEN CAST(strftime('%s', 'now') AS INTEGER) ELSE next_at
            END,
            superseded_order = CASE
                WHEN (is_not_before AND NOT is_current) OR EXISTS (
                    SELECT 1 FROM withdrawn WHERE withdrawn.title_id = versions.title_id AND withdrawn.version = versions.version
                ) THEN NULL ELSE place
            END
        FROM places WHERE places.id = versions.id;
        """

    /// What each version answers to and was made with, NULL where the program that published it kept no note; and which manifest owns a
    /// title, which it does before the title has a version.
    private static let askedStep = """
        ALTER TABLE versions ADD COLUMN asked TEXT;
        ALTER TABLE versions ADD COLUMN asked_files TEXT;
        ALTER TABLE versions ADD COLUMN preset_sha256 TEXT;
        ALTER TABLE versions ADD COLUMN engine INTEGER;
        ALTER TABLE withdrawn ADD COLUMN asked TEXT;
        CREATE TABLE owners (
            title_id TEXT NOT NULL PRIMARY KEY,
            manifest TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX owners_by_manifest ON owners (manifest);
        """
}
