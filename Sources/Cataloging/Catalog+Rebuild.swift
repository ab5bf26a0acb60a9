internal import GRDB
package import MediaModel

/// What a lost catalog knew, put back from what the store holds.
extension Catalog {
    /// Those of the titles that the catalog has.
    package func known(_ ids: [String]) throws(CatalogError) -> [String] {
        try asking("read") { db in try ids.filter { try Self.currentVersion(db, of: $0) != nil } }
    }

    /// Lists versions of one title, in one transaction, as if they had been published one after another: the last is current.
    /// - Throws: `removed` for a title that was taken off, `conflict` for a version that was taken back: then nothing has changed.
    package func rebuild(_ entries: [CatalogEntry]) throws(CatalogError) {
        try changing("rebuild") { db in
            for entry in entries {
                var entry = entry
                let (id, version) = (entry.package.id, entry.package.version)
                entry.previousVersion = try Self.currentVersion(db, of: id)
                entry.removals =
                    try Int.fetchOne(
                        db, sql: "SELECT count FROM removals WHERE title_id = ? AND version = ?", arguments: [id, version]) ?? 0
                try Self.publish(db, entry)
            }
        }
    }
}
