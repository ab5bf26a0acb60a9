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
    private let observe: @Sendable (Database) -> Void
    private let mayBeOlder: Bool
    private let connection: Mutex<Connection>

    /// An open database and which file it is.
    struct Connection {
        let queue: DatabaseQueue
        fileprivate let file: FileIdentity
        /// No other connection has it, of whatever process.
        let name = UInt64.random(in: 0 ... .max)
    }

    /// Opens the catalog at `url` (`sqlite:PATH`), and throws unless it is there and has the schema of this program.
    ///
    /// Its questions are answered one after another. Who must not wait behind another's opens a reader of their own.
    ///
    /// - Parameters:
    ///   - busyTimeout: seconds to wait while a writer finishes its transaction.
    ///   - mayBeOlder: one of an older schema is read as the next run will bring it up to date, in this process's memory alone.
    package convenience init(url: String, busyTimeout: Double = 10, mayBeOlder: Bool = false) throws(CatalogError) {
        try self.init(url: url, busyTimeout: busyTimeout, mayBeOlder: mayBeOlder, observe: { _ in })
    }

    /// - Parameter observe: is given each connection before anything is asked of it, so that a test can see what is.
    init(
        url: String, busyTimeout: Double = 10, mayBeOlder: Bool = false, observe: @escaping @Sendable (Database) -> Void
    ) throws(CatalogError) {
        path = try CatalogAddress(url).path
        self.busyTimeout = busyTimeout
        self.mayBeOlder = mayBeOlder
        self.observe = observe
        connection = Mutex(try Self.open(path, busyTimeout, mayBeOlder, observe))
    }

    /// Whether there is a file at the address, so that one who only plans need not take a first run for an error.
    package static func exists(url: String) throws(CatalogError) -> Bool {
        FileManager.default.fileExists(atPath: try CatalogAddress(url).path)
    }

    /// Throws unless the catalog can be read now.
    package func check() throws(CatalogError) {
        try read { [path] db in try Schema.require(db, file: path) }
    }

    /// All titles, by name, page by page.
    /// - Parameter withRemoved: whether those that were taken off are among them.
    package func listing(withRemoved: Bool = false) throws(CatalogError) -> TitleListing {
        let connection = try currentConnection()
        let (state, ids) = try read(connection) { db in try Self.list(db, withRemoved, connection.name) }
        return TitleListing(self, state: state, ids: ids, withRemoved: withRemoved)
    }

    /// All titles, by name.
    /// - Parameter withRemoved: whether those that were taken off are among them.
    package func titles(withRemoved: Bool = false) throws(CatalogError) -> [CatalogSummary] {
        var listing = try listing(withRemoved: withRemoved)
        var titles: [CatalogSummary] = []
        while let page = try listing.next() { titles += page }
        return titles
    }

    /// Titles that a person took off, and when, in Unix seconds; those too of which nothing else is known any more.
    package func removedTitles() throws(CatalogError) -> [String: Int64] { try read(Self.removedTitles) }

    /// Whether a person took the title off.
    package func isRemoved(_ id: String) throws(CatalogError) -> Bool { try read { db in try Catalog.isRemoved(db, id) } }

    /// Where the newest version stands; nil where there is none.
    package func newestLocation() throws(CatalogError) -> (title: String, version: String, location: String)? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT title_id, version, location FROM versions ORDER BY id DESC LIMIT 1")
                .map { ($0["title_id"], $0["version"], $0["location"]) }
        }
    }

    /// What the titles that are made of it know of one file on another machine, by the hash of its address.
    package func remoteFiles(at addressHash: String) throws(CatalogError) -> [CatalogRemoteFile] {
        try read { db in try RemoteFileRows.read(db, at: addressHash) }
    }

    /// What the files of a title were that lie on other machines; empty where the catalog does not know.
    package func remoteFiles(of id: String) throws(CatalogError) -> [CatalogRemoteFile] {
        try read { db in try RemoteFileRows.read(db, of: id) }
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
        guard let version = try currentVersion(db, of: id), let metadata = try MetadataRows.read(db, of: [id])[id],
            let facts = try VersionRows.read(db, title: id, version: version)
        else { return nil }
        let removedAt = try Int64.fetchOne(db, sql: "SELECT removed_at FROM removed_titles WHERE title_id = ?", arguments: [id])
        return CatalogTitle(id: id, metadata: metadata, version: facts, removedAt: removedAt)
    }

    /// `data_version` tells the states apart that one connection has seen, and the name one connection from another.
    static func list(_ db: Database, _ withRemoved: Bool, _ name: UInt64) throws -> (state: String, ids: String) {
        let version = try Int64.fetchOne(db, sql: "PRAGMA data_version") ?? 0
        return ("\(String(name, radix: 16))-\(version)", try SummaryRows.ids(db, withRemoved: withRemoved))
    }

    static func removedTitles(_ db: Database) throws -> [String: Int64] {
        try Dictionary(
            Row.fetchAll(db, sql: "SELECT title_id, removed_at FROM removed_titles").map { ($0["title_id"], $0["removed_at"]) },
            uniquingKeysWith: { first, _ in first })
    }

    static func currentVersion(_ db: Database, of id: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT current_version FROM titles WHERE id = ?", arguments: [id])
    }

    static func location(_ db: Database, of id: String, version: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT location FROM versions WHERE title_id = ? AND version = ?", arguments: [id, version])
    }

    func read<Answer>(_ body: (Database) throws -> Answer) throws(CatalogError) -> Answer { try read(currentConnection(), body) }

    private func read<Answer>(_ connection: Connection, _ body: (Database) throws -> Answer) throws(CatalogError) -> Answer {
        do {
            return try Self.undoing(path, busyTimeout) { try connection.queue.read(body) }
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
    func currentConnection() throws(CatalogError) -> Connection {
        let file = try Self.identity(of: path)
        let (path, busyTimeout, mayBeOlder, observe) = (path, busyTimeout, mayBeOlder, observe)
        return try connection.withLock { (connection) throws(CatalogError) in
            if connection.file != file { connection = try Self.open(path, busyTimeout, mayBeOlder, observe) }
            return connection
        }
    }

    private static func open(
        _ path: String, _ busyTimeout: Double, _ mayBeOlder: Bool, _ observe: @escaping @Sendable (Database) -> Void
    ) throws(CatalogError) -> Connection {
        let file = try identity(of: path)
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(busyTimeout)
            configuration.prepareDatabase(observe)
            let queue = try undoing(path, busyTimeout) {
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                if mayBeOlder, let copy = try migratedCopy(queue, file: path) { return copy }
                try queue.read { db in try Schema.require(db, file: path) }
                return queue
            }
            return Connection(queue: queue, file: file)
        } catch {
            throw CatalogError(error, operation: "open", file: path)
        }
    }

    /// - Returns: nil where the schema is not an older one.
    private static func migratedCopy(_ queue: DatabaseQueue, file: String) throws -> DatabaseQueue? {
        let version = try queue.read { db in try Schema.version(db, file: file) }
        guard version > 0, version < Schema.current else { return nil }
        let copy = try DatabaseQueue()
        try queue.backup(to: copy)
        try copy.write { db in try Schema.migrate(db, file: file) }
        return copy
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
