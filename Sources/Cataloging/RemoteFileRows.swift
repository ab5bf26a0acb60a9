internal import GRDB
package import MediaModel

/// What titles' files on other machines were, as rows.
enum RemoteFileRows {
    /// What is known of each file of a title.
    static func read(_ db: Database, of title: String) throws -> [CatalogRemoteFile] {
        try read(db, "title_id = ?", title)
    }

    /// What the titles that are made of it know of one file.
    static func read(_ db: Database, at addressHash: String) throws -> [CatalogRemoteFile] {
        try read(db, "address_hash = ?", addressHash)
    }

    private static func read(_ db: Database, _ condition: String, _ value: String) throws -> [CatalogRemoteFile] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM remote_files WHERE \(condition) ORDER BY address, address_hash, title_id", arguments: [value]
        ).map { row in
            CatalogRemoteFile(
                address: row["address"], addressHash: row["address_hash"], etag: row["etag"], lastModified: row["last_modified"],
                version: row["version"], bytes: row["bytes"], sha256: row["sha256"])
        }
    }

    /// Files that the title is not made of any more are forgotten.
    static func replace(_ db: Database, with files: [CatalogRemoteFile], of title: String) throws {
        try db.execute(sql: "DELETE FROM remote_files WHERE title_id = ?", arguments: [title])
        for file in files {
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO remote_files (title_id, address_hash, address, etag, last_modified, version, bytes, sha256)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    title, file.addressHash, file.address, file.etag, file.lastModified, file.version, file.bytes, file.sha256,
                ])
        }
    }
}

extension Catalog {
    /// What the files of a title were that lie on other machines; empty where the catalog does not know.
    package func remoteFiles(of id: String) throws(CatalogError) -> [CatalogRemoteFile] {
        try asking("read") { db in try RemoteFileRows.read(db, of: id) }
    }

    /// What the titles that are made of it know of one file on another machine, by the hash of its address.
    package func remoteFiles(at addressHash: String) throws(CatalogError) -> [CatalogRemoteFile] {
        try asking("read") { db in try RemoteFileRows.read(db, at: addressHash) }
    }

    /// Takes note of what a title's files are now, in one transaction. Where nothing changed, nothing is written.
    package func updateRemoteFiles(_ files: [CatalogRemoteFile], of id: String) throws(CatalogError) {
        guard Set(try remoteFiles(of: id)) != Set(files) else { return }
        try changing("update") { db in
            guard try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM titles WHERE id = ?)", arguments: [id]) == true else { return }
            try RemoteFileRows.replace(db, with: files, of: id)
        }
    }
}
