import Foundation
import Glibc
import MediaModel
import Transcoding

/// Results of tasks, each a folder under its key with a `record.json` of its facts and of its files' checksums. A result is whole or not
/// there: it is written under a temporary name, synced and renamed. One that is not what was written, because a disk has rotted or somebody
/// has changed it, is found out by `isDamaged`, dropped and made again. The folder is owned by one run at a time (`WorkFolder`), by many of
/// its threads.
struct ArtefactStore: Sendable {
    private let root: String

    init(root: String) throws {
        self.root = root
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    /// The folder of a finished result; its files may be linked elsewhere, never written.
    func folder(_ key: TaskKey) -> String { folder(key.description) }
    func folder(_ key: String) -> String { "\(root)/\(key.prefix(2))/\(key)" }

    /// The record of a finished result; nil where the task has still to run.
    func record<Record: Decodable>(_ key: TaskKey, as type: Record.Type) -> Record? {
        // A record that cannot be read is a result that was never made: the task runs again.
        guard let lines = sealedLines(key) else { return nil }
        return try? JSONDecoder().decode(type, from: lines[0])
    }

    /// The record and the list of files.
    private func sealedLines(_ key: TaskKey) -> [Data]? {
        guard let data = FileManager.default.contents(atPath: "\(folder(key))/record.json"), let lines = Sealed.lines(data),
            lines.count == 2
        else { return nil }
        return lines
    }

    /// What a file of a result was when it was made.
    struct Content: Codable, Equatable {
        var bytes: Int64
        var sha256: String

        init(bytes: Int64, sha256: String) {
            self.bytes = bytes
            self.sha256 = sha256
        }

        init(of path: String) throws { (sha256, bytes) = try Fingerprint.ofFile(at: path) { true } }
    }

    /// Whether something stands in a result's place that is not what was put there.
    /// - Parameter isWanted: which of its files are read; only their sizes are looked at of the others.
    func isDamaged(_ key: TaskKey, _ isWanted: (_ file: String) -> Bool = { _ in true }) -> Bool {
        let folder = folder(key)
        guard SystemCall.exists(folder) else { return false }
        guard let lines = sealedLines(key), let files = try? JSONDecoder().decode([String: Content].self, from: lines[1]) else {
            return true
        }
        return files.contains { name, content in
            guard let status = SystemCall.status("\(folder)/\(name)"), Int64(status.st_size) == content.bytes else { return true }
            return isWanted(name) && (try? Content(of: "\(folder)/\(name)")) != content
        }
    }

    /// Whether something stands in a result's place that says nothing.
    func isUnreadable(_ key: TaskKey) -> Bool { SystemCall.exists(folder(key)) && sealedLines(key) == nil }

    /// Takes a result away, whatever state it is in, so that it is made again. Other names of its files stay.
    func drop(_ key: TaskKey) throws {
        guard SystemCall.exists(folder(key)) else { return }
        _ = try remove(key.description)
    }

    /// Takes note that a result was of use: what lay longest without goes first.
    func touch(_ key: TaskKey) { _ = unsafe utimes(folder(key), nil) }

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
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let sealed = Sealed.data([try encoder.encode(record), try encoder.encode(try contents(of: temporary))])
        try sealed.write(to: URL(fileURLWithPath: "\(temporary)/record.json"))
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

    /// Of every file; those of a package are in its own list, but for the list itself.
    private func contents(of folder: String) throws -> [String: Content] {
        var contents: [String: Content] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            guard !name.hasPrefix("package/") || name == Self.packageDocument else { continue }
            guard let status = SystemCall.status("\(folder)/\(name)"), status.st_mode & S_IFMT == S_IFREG else { continue }
            contents[name] = try Content(of: "\(folder)/\(name)")
        }
        return contents
    }

    /// Where the list of a package's files lies in its result.
    static let packageDocument = "package/package.json"

    private func failure(_ key: TaskKey) -> PipelineError {
        PipelineError(SystemCall.isDiskFull ? .diskFull : .title, "keep a result in '\(folder(key))'", SystemCall.lastError)
    }

    /// Every finished result with the time when it was last of use.
    func all() throws -> [(key: String, used: Date)] {
        var found: [(key: String, used: Date)] = []
        for shelf in try FileManager.default.contentsOfDirectory(atPath: root) where shelf.count == 2 {
            for key in try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(shelf)") {
                let times = ["", "/record.json"].compactMap { SystemCall.status("\(root)/\(shelf)/\(key)\($0)")?.st_mtim.tv_sec }
                // What has no record is nothing, and as old as can be.
                found.append((key, times.count == 2 ? Date(timeIntervalSince1970: Double(times.max() ?? 0)) : .distantPast))
            }
        }
        return found
    }

    /// Removes a result.
    /// - Returns: bytes of its files that have no other name.
    func remove(_ key: String) throws -> Int64 {
        let path = folder(key)
        let bytes = try ownBytes(key)
        // Out of the way first: a result that is half removed must not be taken for a whole one.
        let temporary = try begin()
        guard SystemCall.rename(path, to: "\(temporary)/result") else {
            throw PipelineError(.title, "remove a result in '\(path)'", SystemCall.lastError)
        }
        discard(temporary)
        return bytes
    }

    /// Bytes of a result's files that have no other name.
    private func ownBytes(_ key: String) throws -> Int64 {
        let path = folder(key)
        return try FileManager.default.subpathsOfDirectory(atPath: path).reduce(0) { sum, name in
            guard let status = SystemCall.status("\(path)/\(name)"), status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else {
                return sum
            }
            return sum + Int64(status.st_size)
        }
    }

    /// Whether it would free more than its own record.
    func freesBytes(_ key: String) -> Bool {
        let record = SystemCall.status("\(folder(key))/record.json").map { Int64($0.st_size) } ?? 0
        return ((try? ownBytes(key)) ?? 0) > record
    }

    /// Whether it is a whole package: further names of its pieces' files.
    func isPackage(_ key: String) -> Bool { SystemCall.exists("\(folder(key))/package") }

    /// Removes what a killed run left in the making.
    func removeLeftovers() throws {
        let path = "\(root)/tmp"
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }
}
