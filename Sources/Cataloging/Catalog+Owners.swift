internal import Foundation
internal import GRDB

/// Which manifest owns a title, by a name that the caller gives it. A title has an owner before it has a version.
enum OwnerRows {
    static func read(_ db: Database, of ids: [String]) throws -> [String: String] {
        let wanted = String(decoding: try JSONEncoder().encode(ids), as: UTF8.self)
        let rows = try Row.fetchAll(
            db, sql: "SELECT title_id, manifest FROM json_each(?) AS wanted CROSS JOIN owners ON title_id = wanted.value",
            arguments: [wanted])
        return Dictionary(rows.map { ($0["title_id"], $0["manifest"]) }, uniquingKeysWith: { first, _ in first })
    }

    static func titles(_ db: Database, of manifest: String) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT title_id FROM owners WHERE manifest = ?", arguments: [manifest])
    }
}

extension Catalog {
    /// Those of the titles that have one.
    package func owners(of ids: [String]) throws(CatalogError) -> [String: String] {
        try asking("read") { db in try OwnerRows.read(db, of: ids) }
    }

    package func titles(ownedBy manifest: String) throws(CatalogError) -> [String] {
        try asking("read") { db in try OwnerRows.titles(db, of: manifest) }
    }

    /// Gives titles to a manifest, in one transaction: all of them or none.
    /// - Parameter owners: what `owners` said of them; absent: nobody.
    /// - Returns: false: another run was faster, and nothing was changed.
    package func claim(_ ids: [String], for manifest: String, from owners: [String: String]) throws(CatalogError) -> Bool {
        guard !ids.isEmpty else { return true }
        return try changing("claim titles") { db in
            guard try OwnerRows.read(db, of: ids) == owners.filter({ ids.contains($0.key) }) else { return false }
            for id in ids {
                try db.execute(
                    sql:
                        "INSERT INTO owners (title_id, manifest) VALUES (?, ?) ON CONFLICT (title_id) DO UPDATE SET manifest = excluded.manifest",
                    arguments: [id, manifest])
            }
            return true
        }
    }
}

extension CatalogReader {
    /// Those of the titles that have one.
    package func owners(of ids: [String]) throws(CatalogError) -> [String: String] {
        try read { db in try OwnerRows.read(db, of: ids) }
    }

    package func titles(ownedBy manifest: String) throws(CatalogError) -> [String] {
        try read { db in try OwnerRows.titles(db, of: manifest) }
    }
}
