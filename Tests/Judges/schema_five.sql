-- The catalog's tables as a program of schema five left them.
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
    preset TEXT NOT NULL, superseded_at INTEGER, superseded_order INTEGER,
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
CREATE TABLE withdrawn (
    title_id TEXT NOT NULL REFERENCES titles (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    PRIMARY KEY (title_id, version)
);
CREATE TABLE removals (
    title_id TEXT NOT NULL,
    version TEXT NOT NULL,
    count INTEGER NOT NULL,
    begun_at INTEGER,
    PRIMARY KEY (title_id, version)
);
