import Foundation
import GRDB

/// The diary of a work folder, an SQLite database that others read while a run writes it. Its parts are types of their own over the one
/// file: `RunLog`, `ResultUsage`, `CostStatistics` and `PurgeOutbox`; `RunHistory` reads it.
///
/// Nothing is decided by it but what to clean up: results prove themselves by lying under their keys. So a journal that cannot be
/// written (a full disk) stops no run, and one that is deleted loses history alone.
package final class Journal: Sendable {
    let queue: DatabaseQueue
    /// The one that lay there was damaged, and this one begun anew.
    package let replacesDamaged: Bool

    package static func file(in work: String) -> String { "\(work)/journal.sqlite" }

    /// Opens the journal for whoever holds the work folder's lock. One of another program version is begun anew.
    package convenience init(work: String) throws { try self.init(work: work, mayReplace: true) }

    /// Opens the journal for one who does not hold the work folder's lock: a run may be writing beside. A journal of another program
    /// version stays as it is, and is an error.
    package convenience init(visiting work: String) throws { try self.init(work: work, mayReplace: false) }

    private init(work: String, mayReplace: Bool) throws {
        let path = Journal.file(in: work)
        do {
            replacesDamaged = try mayReplace && Journal.removeUnusable(path)
            let queue = try DatabaseQueue(path: path, configuration: Journal.configuration)
            try queue.write { db in
                guard try !JournalSchema.isForeign(db) else {
                    throw EngineError(.unreachable, "use the journal '\(path)'", "another version of this program has written it")
                }
                // Of two who begin it at the same time one is the second.
                if try !JournalSchema.isCurrent(db) { try JournalSchema.create(db) }
                try JournalSchema.addTables(db)
            }
            self.queue = queue
        } catch let error as EngineError { throw error } catch { throw Journal.failure(error, path) }
    }

    private static func failure(_ error: any Error, _ path: String) -> EngineError {
        let isFull = (error as? DatabaseError)?.resultCode == .SQLITE_FULL
        return EngineError(isFull ? .diskFull : .unreachable, "open the journal '\(path)'", "", underlying: error)
    }

    /// One of another program version, and one that a disk has spoilt.
    /// - Returns: whether it was spoilt.
    private static func removeUnusable(_ path: String) throws -> Bool {
        guard SystemCall.exists(path) else { return false }
        let isDamaged = try isDamaged(path)
        let isForeign = isDamaged ? false : try DatabaseQueue(path: path, configuration: configuration).read(JournalSchema.isForeign)
        guard isDamaged || isForeign else { return false }
        for ending in ["", "-wal", "-shm"] where SystemCall.exists(path + ending) {
            try FileManager.default.removeItem(atPath: path + ending)
        }
        return isDamaged
    }

    /// Bytes up to which all of a journal is read before it is used: a tenth of a second.
    private static let checkedBytes = 64 << 20

    private static func isDamaged(_ path: String) throws -> Bool {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            return try queue.read { db in
                let isLarge = (SystemCall.status(path)?.st_size ?? 0) > checkedBytes
                let verdict = try String.fetchOne(db, sql: isLarge ? "SELECT 'ok' FROM sqlite_master" : "PRAGMA quick_check(1)")
                return verdict ?? "ok" != "ok"
            }
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            return true
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // Readers never wait for the writer; the last entries may be lost with the power, which costs nothing but history.
            try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
        }
        return configuration
    }

    /// Unix seconds.
    static var now: Double { Date().timeIntervalSince1970 }

    /// Writes, unless the disk does not let it.
    func note(_ body: (Database) throws -> Void) {
        try? queue.write(body)
    }

    /// Reads; nil where the disk does not let it.
    func look<Value>(_ body: (Database) throws -> Value) -> Value? { try? queue.read(body) }
}
