package import Foundation

/// Results of tasks under their keys, each a folder of files with a small record of its facts. A result is whole or not there. One that is
/// not what was written, because a disk has rotted or somebody has changed it, is found out by `isDamaged`, dropped and made again.
///
/// A store is used by many threads and processes at once: a result that is made twice is the same twice.
package protocol ArtefactStore: Sendable {
    // MARK: Results

    /// The record of a finished result; nil where its task has still to run.
    func record<Record: Decodable>(_ key: TaskKey, as type: Record.Type) -> Record?

    /// A folder of this machine with the files of a finished result, brought here first where they lie elsewhere. They may be linked, never
    /// written.
    func folder(_ key: TaskKey) throws -> String

    /// Whether a finished result has a file or folder of this name.
    func hasFile(_ name: String, in key: TaskKey) -> Bool

    /// Whether something stands in a result's place that is not what was put there.
    /// - Parameter isWanted: which of its files are read; of the others only the sizes are compared.
    func isDamaged(_ key: TaskKey, _ isWanted: (_ file: String) -> Bool) -> Bool

    /// Whether something stands in a result's place that has no record.
    func isUnreadable(_ key: TaskKey) -> Bool

    // MARK: Making one

    /// A new, empty folder of this machine for a result in the making; the caller hands it to `commit` or `discard`.
    func begin() throws -> String

    func discard(_ temporary: String)

    /// Makes a folder the result of a key. Whoever comes second with the same result changes nothing.
    func commit<Record: Codable>(_ temporary: String, as key: TaskKey, record: Record) throws

    // MARK: Keeping them

    /// Takes a result away, whatever state it is in, so that it is made again. Other names of its files stay.
    func drop(_ key: TaskKey) throws

    /// Every result with the time when it was written; what has no record is as old as can be.
    func all() throws -> [(key: TaskKey, written: Date)]

    /// Bytes of a result's files.
    func bytes(of key: TaskKey) throws -> Int64

    /// Removes a result.
    /// - Returns: bytes of its files that had no other name.
    func remove(_ key: TaskKey) throws -> Int64

    /// Whether its removal would free more than its own record.
    func freesBytes(_ key: TaskKey) -> Bool

    /// Removes results in the making that their makers abandoned.
    func removeLeftovers(_ leftovers: Leftovers) throws
}

extension ArtefactStore {
    /// True where the task need not run: its record is there and can be read.
    package func holds<Record: Decodable>(_ key: TaskKey, as type: Record.Type) -> Bool { record(key, as: type) != nil }

    package func isDamaged(_ key: TaskKey) -> Bool { isDamaged(key) { _ in true } }
}
