extension Schema {
    /// Titles that a person took off; a row outlives the title's own, which `gc` removes with its files: until somebody restores it, no run
    /// brings it again. And what titles' files on other machines were, by the hash of their address.
    static let removedTitlesStep = """
        CREATE TABLE removed_titles (
            title_id TEXT NOT NULL PRIMARY KEY,
            removed_at INTEGER NOT NULL
        );
        CREATE TABLE remote_files (
            title_id TEXT NOT NULL REFERENCES titles (id) ON DELETE CASCADE,
            address_hash TEXT NOT NULL,
            address TEXT NOT NULL,
            etag TEXT,
            last_modified TEXT,
            version TEXT,
            bytes INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            PRIMARY KEY (title_id, address_hash)
        );
        CREATE INDEX remote_files_by_address ON remote_files (address_hash);
        """
}
