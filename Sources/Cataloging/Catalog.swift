internal import Foundation
internal import GRDB
package import MediaModel

/// The catalog, for the one that writes it. Every change is one transaction: readers see all of it or nothing.
///
/// SQLite with a rollback journal, because a database in WAL mode does not open on a read-only file system. Readers and writers exclude
/// each
/// other then, but for moments only: whoever reads much does so in many short transactions (`TitleListing`), and a writer's are short too.
package final class Catalog: Sendable {
    private let queue: DatabaseQueue
    /// For messages.
    private let file: String

    /// Opens the catalog at `url` (`sqlite:PATH`), creates it where there is none, and brings an older schema up to date.
    /// The folder must exist.
    ///
    /// - Parameter busyTimeout: seconds to wait while another process writes or reads. Our own do so for moments; this outlasts what other
    ///   programs do, such as a backup.
    package convenience init(url: String, busyTimeout: Double = 120) throws(CatalogError) {
        try self.init(url: url, busyTimeout: busyTimeout, observe: { _ in })
    }

    /// - Parameter observe: is given each connection before anything is asked of it, so that a test can see what is.
    init(url: String, busyTimeout: Double = 120, observe: @escaping @Sendable (Database) -> Void) throws(CatalogError) {
        let path = try CatalogAddress(url).path
        file = path
        let folder = (path as NSString).deletingLastPathComponent
        guard folder.isEmpty || Self.isFolder(folder) else {
            throw CatalogError(
                .unreachable, operation: "open", detail: "\(path): the folder \(folder) does not exist; create it, or name another file")
        }
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(busyTimeout)
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;")
                observe(db)
            }
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            if try queue.read({ db in try Schema.version(db, file: path) }) != Schema.current {
                try queue.write { db in try Schema.migrate(db, file: path) }
            }
            self.queue = queue
        } catch {
            throw CatalogError(error, operation: "open", file: path)
        }
    }

    /// Tells before hours of work what the first transaction would tell after them. Changes nothing.
    ///
    /// A lock alone is not enough: where the folder cannot be written to, SQLite finds that out with the first page, which needs a journal.
    /// - Throws: `readOnly`, `unreachable` or `diskFull`. A catalog that another process writes right now can be written.
    package func demandWritable() throws(CatalogError) {
        do {
            try queue.inTransaction(.immediate) { db in
                try db.execute(sql: "INSERT INTO schema_version (version) VALUES (0)")
                return .rollback
            }
        } catch {
            let error = CatalogError(error, operation: "write", file: file)
            if error.code != .locked { throw error }
        }
    }

    /// The current version of a title; nil where the catalog does not have the title.
    package func currentVersion(of id: String) throws(CatalogError) -> String? {
        do {
            return try queue.read { db in try Self.currentVersion(db, of: id) }
        } catch {
            throw CatalogError(error, operation: "read", file: file)
        }
    }

    /// Makes `entry.package.version` the title's current version, with all its rows and the metadata, in one transaction.
    ///
    /// Throws `conflict`, and changes nothing, when the current version is neither `entry.previousVersion` nor the new one:
    /// another run published meanwhile; when a person has taken the new version back; or when its files were being removed since
    /// `entry.removals` was asked for. Throws `removed` for a title that was taken off. Publishing a version whose rows are there already
    /// brings them up to date.
    package func publish(_ entry: CatalogEntry) throws(CatalogError) {
        try changing("publish") { db in try Self.publish(db, entry) }
    }

    static func publish(_ db: Database, _ entry: CatalogEntry) throws {
        let id = entry.package.id
        let current = try currentVersion(db, of: id)
        guard current == entry.previousVersion || current == entry.package.version else {
            throw CatalogError(
                .conflict, operation: "publish",
                detail: "\(id): another run made the version \(current ?? "(none)") current, "
                    + "where \(entry.previousVersion ?? "none") was expected; run again")
        }
        try demandNotRemoved(db, id)
        try demandNoRemoval(db, of: id, version: entry.package.version, since: entry.removals)
        try db.execute(
            sql: """
                INSERT INTO titles (id, name, kind, current_version) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET current_version = excluded.current_version
                """,
            arguments: [id, entry.metadata.name, entry.metadata.kind.rawValue, entry.package.version])
        try VersionRows.write(db, entry)
        // One that is current already is only put right.
        if current != entry.package.version {
            try welcome(db, entry.package.version, of: id)
            try supersede(db, current, of: id, by: entry.package.version, at: entry.publishedAt)
        }
        _ = try MetadataRows.update(db, to: entry.metadata, of: id)
    }

    /// Changes what people know a title by, in one transaction; answers true when something changed. Where nothing did, nothing is written.
    ///
    /// A series' name belongs to the series: it changes for all its titles. Genres that are named twice count once.
    package func updateMetadata(_ metadata: TitleMetadata, of id: String) throws(CatalogError) -> Bool {
        // Nearly always there is nothing to do, for which nobody has to wait.
        let known = try asking("read") { db in try MetadataRows.read(db, of: [id])[id] }
        guard let known else {
            throw CatalogError(.unknownTitle, operation: "update", detail: "\(id): the catalog has no such title")
        }
        guard known != MetadataRows.normalized(metadata) else { return false }
        return try changing("update") { db in
            guard try Self.currentVersion(db, of: id) != nil else {
                throw CatalogError(.unknownTitle, operation: "update", detail: "\(id): the catalog has no such title")
            }
            return try MetadataRows.update(db, to: metadata, of: id)
        }
    }

    func asking<Answer>(_ operation: String, _ body: (Database) throws -> Answer) throws(CatalogError) -> Answer {
        do { return try queue.read(body) } catch { throw CatalogError(error, operation: operation, file: file) }
    }

    func changing<Answer>(_ operation: String, _ body: (Database) throws -> Answer) throws(CatalogError) -> Answer {
        do { return try queue.write(body) } catch { throw CatalogError(error, operation: operation, file: file) }
    }

    static func currentVersion(_ db: Database, of id: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT current_version FROM titles WHERE id = ?", arguments: [id])
    }

    private static func isFolder(_ path: String) -> Bool {
        // No attributes, for whatever reason, is the answer that there is no folder to use.
        let attributes = try? FileManager.default.attributesOfItem(atPath: (path as NSString).resolvingSymlinksInPath)
        return attributes?[.type] as? FileAttributeType == .typeDirectory
    }
}
