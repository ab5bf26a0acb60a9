import Foundation
import Synchronization
import TestSupport

@testable import Engine

/// The door that a store of another kind comes in by: results in memory, whose files are brought to this machine when somebody asks for
/// them.
final class MemoryArtefactStore: ArtefactStore {
    private struct Result {
        var record: Data
        var files: [String: Data]
        var contents: [String: ArtefactContent]
        var written: Date
    }

    private let results = Mutex<[TaskKey: Result]>([:])
    private let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    func record<Record: Decodable>(_ key: TaskKey, as type: Record.Type) -> Record? {
        results.withLock { $0[key]?.record }.flatMap { try? JSONDecoder().decode(type, from: $0) }
    }

    func folder(_ key: TaskKey) throws -> String {
        let files = results.withLock { $0[key]?.files } ?? [:]
        for (name, data) in files { try temporary.write(data, to: "\(key)/\(name)") }
        return temporary.file(key.description)
    }

    func hasFile(_ name: String, in key: TaskKey) -> Bool {
        results.withLock { $0[key]?.files.keys.contains { $0 == name || $0.hasPrefix("\(name)/") } } ?? false
    }

    func isDamaged(_ key: TaskKey, _ isWanted: (_ file: String) -> Bool) -> Bool {
        guard let result = results.withLock({ $0[key] }) else { return false }
        return result.contents.contains { name, content in
            result.files[name].map { Int64($0.count) != content.bytes || (isWanted(name) && ContentHash.hex($0) != content.sha256) } ?? true
        }
    }

    func isUnreadable(_ key: TaskKey) -> Bool { false }

    func begin() throws -> String {
        let path = temporary.file("tmp/\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    func discard(_ temporary: String) { try? FileManager.default.removeItem(atPath: temporary) }

    func commit<Record: Codable>(_ temporary: String, as key: TaskKey, record: Record) throws {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: temporary) {
            files[name] = FileManager.default.contents(atPath: "\(temporary)/\(name)")
        }
        let contents = files.mapValues { ArtefactContent(bytes: Int64($0.count), sha256: ContentHash.hex($0)) }
        let result = Result(record: try JSONEncoder().encode(record), files: files, contents: contents, written: Date())
        results.withLock { $0[key] = $0[key] ?? result }
        discard(temporary)
    }

    func drop(_ key: TaskKey) throws { _ = try remove(key) }

    func all() throws -> [(key: TaskKey, written: Date)] { results.withLock { $0.map { ($0, $1.written) } } }

    func bytes(of key: TaskKey) throws -> Int64 {
        results.withLock { $0[key]?.files.values.reduce(0) { $0 + Int64($1.count) } } ?? 0
    }

    func remove(_ key: TaskKey) throws -> Int64 {
        let bytes = try bytes(of: key)
        results.withLock { $0[key] = nil }
        return bytes
    }

    func freesBytes(_ key: TaskKey) -> Bool { ((try? bytes(of: key)) ?? 0) > 0 }

    func removeLeftovers(_ leftovers: Leftovers) throws {}
}
