internal import GRDB

/// Versions whose files lie elsewhere than they did, or are known to readers by another address.
extension Catalog {
    /// Says where a version is found now, in one transaction; answers true when something changed. Where nothing did, nothing is written.
    package func relocate(_ id: String, version: String, to location: String) throws(CatalogError) -> Bool {
        let known = try asking("read") { db in
            try String.fetchOne(db, sql: "SELECT location FROM versions WHERE title_id = ? AND version = ?", arguments: [id, version])
        }
        guard let known, known != location else { return false }
        try changing("update") { db in
            try db.execute(
                sql: "UPDATE versions SET location = ? WHERE title_id = ? AND version = ?", arguments: [location, id, version])
        }
        return true
    }
}
