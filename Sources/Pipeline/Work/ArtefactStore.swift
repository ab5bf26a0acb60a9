import Foundation
import Glibc
import MediaModel

/// Results of tasks, each a folder under its key with a `record.json` of its facts. A result is whole or not there: it is written under
/// a temporary name, synced and renamed. The folder is owned by one run at a time (`WorkFolder`), by many of its threads.
struct ArtefactStore: Sendable {
    private let root: String

    init(root: String) throws {
        self.root = root
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    /// The folder of a finished result; its files may be linked elsewhere, never written.
    func folder(_ key: TaskKey) -> String { "\(root)/\(key.description.prefix(2))/\(key)" }

    /// The record of a finished result; nil where the task has still to run.
    func record<Record: Decodable>(_ key: TaskKey, as type: Record.Type) -> Record? {
        guard let data = FileManager.default.contents(atPath: "\(folder(key))/record.json") else { return nil }
        // A record that cannot be read is a result that was never made: the task runs again.
        return try? JSONDecoder().decode(type, from: data)
    }

    /// True where the task need not run: its record is there and can be read.
    func holds<Record: Decodable>(_ key: TaskKey, as type: Record.Type) -> Bool { record(key, as: type) != nil }

    /// A new, empty folder for a result in the making; the caller hands it to `commit` or `discard`.
    func begin() throws -> String {
        let path = "\(root)/tmp/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    func discard(_ temporary: String) {
        // What stays is removed when the next run begins.
        try? FileManager.default.removeItem(atPath: temporary)
    }

    /// Makes a folder the result of `key`.
    func commit<Record: Codable>(_ temporary: String, as key: TaskKey, record: Record) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try encoder.encode(record).write(to: URL(fileURLWithPath: "\(temporary)/record.json"))
        // Files first, then the folder that names them: after a power cut a result is whole or not there.
        for name in try FileManager.default.subpathsOfDirectory(atPath: temporary) + ["."] {
            guard SystemCall.synchronize("\(temporary)/\(name)") else { throw failure(key) }
        }
        let final = folder(key)
        try FileManager.default.createDirectory(atPath: (final as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        if !SystemCall.rename(temporary, to: final) {
            // Another thread was first with the same bytes, or an unreadable result of an earlier program is in the way.
            if holds(key, as: Record.self) { return discard(temporary) }
            if SystemCall.exists(final) { try FileManager.default.removeItem(atPath: final) }
            guard SystemCall.rename(temporary, to: final) else { throw failure(key) }
        }
    }

    private func failure(_ key: TaskKey) -> PipelineError {
        PipelineError(SystemCall.isDiskFull ? .diskFull : .title, "keep a result in '\(folder(key))'", SystemCall.lastError)
    }

    /// Every finished result with the time when it was made.
    func all() throws -> [(key: String, made: Date)] {
        var found: [(key: String, made: Date)] = []
        for shelf in try FileManager.default.contentsOfDirectory(atPath: root) where shelf.count == 2 {
            for key in try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(shelf)") {
                guard let status = SystemCall.status("\(root)/\(shelf)/\(key)/record.json") else { continue }
                found.append((key, Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec))))
            }
        }
        return found
    }

    /// Removes a result.
    /// - Returns: bytes of its files that have no other name.
    func remove(_ key: String) throws -> Int64 {
        let path = "\(root)/\(key.prefix(2))/\(key)"
        var bytes: Int64 = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            guard let status = SystemCall.status("\(path)/\(name)"), status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else {
                continue
            }
            bytes += Int64(status.st_size)
        }
        // Out of the way first: a result that is half removed must not be taken for a whole one.
        let temporary = try begin()
        guard SystemCall.rename(path, to: "\(temporary)/result") else {
            throw PipelineError(.title, "remove a result in '\(path)'", SystemCall.lastError)
        }
        discard(temporary)
        return bytes
    }

    /// Removes what a killed run left in the making.
    func removeLeftovers() throws {
        let path = "\(root)/tmp"
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }
}
