package import Foundation
import Glibc

/// Results in a folder: each is written under a temporary name that tells its owner, synced and renamed.
package struct FolderArtefactStore: ArtefactStore {
    /// A folder within results whose files are proven by a list of their own, so that only the list is hashed here.
    package struct ListedFolder: Sendable {
        var folder: String
        /// Within the folder.
        var list: String

        package init(folder: String, list: String) {
            self.folder = folder
            self.list = list
        }
    }

    private let root: String
    private let listed: ListedFolder?

    package init(root: String, listed: ListedFolder? = nil) throws {
        self.root = root
        self.listed = listed
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    package func folder(_ key: TaskKey) -> String { "\(root)/\(key.description.prefix(2))/\(key)" }

    package func record<Record: Decodable>(_ key: TaskKey, as type: Record.Type) -> Record? {
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

    package func hasFile(_ name: String, in key: TaskKey) -> Bool { SystemCall.exists("\(folder(key))/\(name)") }

    package func isDamaged(_ key: TaskKey, _ isWanted: (_ file: String) -> Bool) -> Bool {
        let folder = folder(key)
        guard SystemCall.exists(folder) else { return false }
        guard let lines = sealedLines(key), let files = try? JSONDecoder().decode([String: ArtefactContent].self, from: lines[1]) else {
            return true
        }
        return files.contains { name, content in
            guard let status = SystemCall.status("\(folder)/\(name)"), Int64(status.st_size) == content.bytes else { return true }
            return isWanted(name) && (try? ArtefactContent(of: "\(folder)/\(name)")) != content
        }
    }

    package func isUnreadable(_ key: TaskKey) -> Bool { SystemCall.exists(folder(key)) && sealedLines(key) == nil }

    // MARK: Making one

    private var temporaries: String { "\(root)/tmp" }

    package func begin() throws -> String {
        let path = "\(temporaries)/\(ProcessIdentity.current)-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    package func discard(_ temporary: String) {
        // What stays is a leftover.
        try? FileManager.default.removeItem(atPath: temporary)
    }

    package func commit<Record: Codable>(_ temporary: String, as key: TaskKey, record: Record) throws {
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

    /// Of every file that no list within the result proves.
    private func contents(of folder: String) throws -> [String: ArtefactContent] {
        var contents: [String: ArtefactContent] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            if let listed, name.hasPrefix("\(listed.folder)/"), name != "\(listed.folder)/\(listed.list)" { continue }
            guard let status = SystemCall.status("\(folder)/\(name)"), status.st_mode & S_IFMT == S_IFREG else { continue }
            contents[name] = try ArtefactContent(of: "\(folder)/\(name)")
        }
        return contents
    }

    private func failure(_ key: TaskKey) -> EngineError {
        EngineError(SystemCall.isDiskFull ? .diskFull : .failed, "keep a result in '\(folder(key))'", SystemCall.lastError)
    }

    package func removeLeftovers(_ leftovers: Leftovers) throws { try leftovers.remove(in: temporaries) }
}

// MARK: Keeping them

extension FolderArtefactStore {
    package func drop(_ key: TaskKey) throws {
        guard SystemCall.exists(folder(key)) else { return }
        _ = try remove(key)
    }

    package func all() throws -> [(key: TaskKey, written: Date)] {
        var found: [(key: TaskKey, written: Date)] = []
        for shelf in try FileManager.default.contentsOfDirectory(atPath: root) where shelf.count == 2 {
            for key in try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(shelf)") {
                let times = ["", "/record.json"].compactMap { SystemCall.status("\(root)/\(shelf)/\(key)\($0)")?.st_mtim.tv_sec }
                // What has no record is nothing, and as old as can be.
                let written = times.count == 2 ? Date(timeIntervalSince1970: Double(times.max() ?? 0)) : .distantPast
                found.append((TaskKey(name: key), written))
            }
        }
        return found
    }

    package func bytes(of key: TaskKey) throws -> Int64 { try files(of: key).reduce(0) { $0 + Int64($1.st_size) } }

    package func remove(_ key: TaskKey) throws -> Int64 {
        let path = folder(key)
        let bytes = try ownBytes(key)
        // Out of the way first: a result that is half removed must not be taken for a whole one.
        let temporary = try begin()
        guard SystemCall.rename(path, to: "\(temporary)/result") else {
            throw EngineError(.failed, "remove a result in '\(path)'", SystemCall.lastError)
        }
        discard(temporary)
        return bytes
    }

    package func freesBytes(_ key: TaskKey) -> Bool {
        let record = SystemCall.status("\(folder(key))/record.json").map { Int64($0.st_size) } ?? 0
        return ((try? ownBytes(key)) ?? 0) > record
    }

    /// Bytes of a result's files that have no other name.
    private func ownBytes(_ key: TaskKey) throws -> Int64 {
        try files(of: key).reduce(0) { $0 + ($1.st_nlink == 1 ? Int64($1.st_size) : 0) }
    }

    private func files(of key: TaskKey) throws -> [stat] {
        let path = folder(key)
        return try FileManager.default.subpathsOfDirectory(atPath: path).compactMap { name in
            guard let status = SystemCall.status("\(path)/\(name)"), status.st_mode & S_IFMT == S_IFREG else { return nil }
            return status
        }
    }
}
