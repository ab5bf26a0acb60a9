internal import Foundation
internal import GRDB
package import MediaModel
internal import Synchronization

/// The catalog, for those who only look: works on a read-only file system and beside a writer; each answer is of one moment.
///
/// When the file is replaced by another (removed and made anew), the next question goes to the new one.
package final class CatalogReader: Sendable {
    /// The database file, as given.
    let path: String
    let busyTimeout: Double
    private let connection: Mutex<Connection>

    /// An open database and which file it is.
    private struct Connection {
        var queue: DatabaseQueue
        var file: FileIdentity
    }

    /// Opens the catalog at `url` (`sqlite:PATH`), and throws unless it is there and has the schema of this program.
    ///
    /// - Parameter busyTimeout: seconds to wait while a writer finishes its transaction.
    package init(url: String, busyTimeout: Double = 10) throws(CatalogError) {
        path = try CatalogAddress(url).path
        self.busyTimeout = busyTimeout
        connection = Mutex(try Self.open(path, busyTimeout: busyTimeout))
    }

    /// Whether there is a file at the address, so that one who only plans need not take a first run for an error.
    package static func exists(url: String) throws(CatalogError) -> Bool {
        FileManager.default.fileExists(atPath: try CatalogAddress(url).path)
    }

    /// Throws unless the catalog can be read now.
    package func check() throws(CatalogError) {
        try read { [path] db in try Schema.require(db, file: path) }
    }

    /// All titles, by name.
    package func titles() throws(CatalogError) -> [CatalogSummary] {
        try read(SummaryRows.read)
    }

    /// Everything about one title; nil where the catalog does not have it.
    package func title(_ id: String) throws(CatalogError) -> CatalogTitle? {
        try read { db in try Self.title(db, id) }
    }

    /// The current version of a title; nil where the catalog does not have the title.
    package func currentVersion(of id: String) throws(CatalogError) -> String? {
        try read { db in try Self.currentVersion(db, of: id) }
    }

    /// Whether a person took the version back.
    package func isWithdrawn(_ id: String, version: String) throws(CatalogError) -> Bool {
        try read { db in try Catalog.isWithdrawn(db, id, version: version) }
    }

    /// Where a version's folder stands, current or not; nil where the catalog does not have the version.
    package func location(of id: String, version: String) throws(CatalogError) -> String? {
        try read { db in try Self.location(db, of: id, version: version) }
    }

    static func title(_ db: Database, _ id: String) throws -> CatalogTitle? {
        guard let version = try currentVersion(db, of: id), let metadata = try MetadataRows.read(db, title: id)[id],
            let facts = try VersionRows.read(db, title: id, version: version)
        else { return nil }
        return CatalogTitle(id: id, metadata: metadata, version: facts)
    }

    static func currentVersion(_ db: Database, of id: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT current_version FROM titles WHERE id = ?", arguments: [id])
    }

    static func location(_ db: Database, of id: String, version: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT location FROM versions WHERE title_id = ? AND version = ?", arguments: [id, version])
    }

    private func read<Answer>(_ body: (Database) throws -> Answer) throws(CatalogError) -> Answer {
        let queue = try currentQueue()
        do {
            return try Self.undoing(path, busyTimeout) { try queue.read(body) }
        } catch {
            throw CatalogError(error, operation: "read", file: path)
        }
    }

    /// Whether a writer was killed in the middle of a transaction: its journal lies beside the file, and SQLite wants one who may write to
    /// undo it.
    static func isLeftHalfWritten(_ error: any Error) -> Bool {
        (error as? DatabaseError)?.extendedResultCode == .SQLITE_READONLY_ROLLBACK
    }

    /// Undoes what a killed writer has left; nothing else is written.
    static func undo(_ path: String, busyTimeout: Double) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        let writer = try DatabaseQueue(path: path, configuration: configuration)
        _ = try writer.read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_schema") }
    }

    private static func undoing<Answer>(_ path: String, _ busyTimeout: Double, _ body: () throws -> Answer) throws -> Answer {
        do { return try body() } catch  where isLeftHalfWritten(error) {
            try undo(path, busyTimeout: busyTimeout)
            return try body()
        }
    }

    /// The open database, opened anew when another file has taken its place.
    func currentQueue() throws(CatalogError) -> DatabaseQueue {
        let file = try Self.identity(of: path)
        let (path, busyTimeout) = (path, busyTimeout)
        return try connection.withLock { (connection) throws(CatalogError) in
            if connection.file != file { connection = try Self.open(path, busyTimeout: busyTimeout) }
            return connection.queue
        }
    }

    private static func open(_ path: String, busyTimeout: Double) throws(CatalogError) -> Connection {
        let file = try identity(of: path)
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(busyTimeout)
            let queue = try undoing(path, busyTimeout) {
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try queue.read { db in try Schema.require(db, file: path) }
                return queue
            }
            return Connection(queue: queue, file: file)
        } catch {
            throw CatalogError(error, operation: "open", file: path)
        }
    }

    private static func identity(of path: String) throws(CatalogError) -> FileIdentity {
        guard let file = FileIdentity(path) else {
            throw CatalogError(
                .unreachable, operation: "open",
                detail: "\(path): does not exist, or may not be looked at; "
                    + "publish a title first (reelmill run MANIFEST) or name another file")
        }
        return file
    }
}

/// Which file a path means at the moment: a file that took another's place has another number.
private struct FileIdentity: Hashable, Sendable {
    let device: Int
    let number: Int

    init?(_ path: String) {
        // No attributes, for whatever reason, is the one answer that the caller asks about.
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let device = attributes[.systemNumber] as? Int, let number = attributes[.systemFileNumber] as? Int
        else { return nil }
        self.device = device
        self.number = number
    }
}
