import Crypto
import Foundation
import Glibc
import MediaModel
import Transcoding

/// Facts of files, read once: fingerprints are kept against size, time and inode, inspections against the fingerprint.
final class SourceFacts: Sendable {
    private let folder: String

    init(work: WorkFolder) throws {
        folder = "\(work.path)/facts"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// What a path's content was when it was last read.
    private struct Stamp: Codable, Equatable {
        var path: String
        var bytes: Int64
        var seconds: Int
        var nanoseconds: Int
        var inode: UInt64
        var sha256: String
    }

    /// SHA-256 and size of a file, read only when size, time or inode differ from last time.
    func fingerprint(_ path: String) throws -> (sha256: String, bytes: Int64) {
        guard let status = SystemCall.status(path) else {
            throw TranscodingError(.unreadable, "read '\(path)'", SystemCall.lastError)
        }
        var stamp = Stamp(
            path: path, bytes: Int64(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
            inode: UInt64(status.st_ino), sha256: "")
        let file = "\(folder)/path-\(Fingerprint.of(Array(path.utf8)).prefix(32)).json"
        if let known = FileManager.default.contents(atPath: file).flatMap({ try? JSONDecoder().decode(Stamp.self, from: $0) }) {
            stamp.sha256 = known.sha256
            if stamp == known { return (known.sha256, known.bytes) }
        }
        let read = try Fingerprint.ofFile(at: path)
        stamp.sha256 = read.sha256
        stamp.bytes = read.bytes
        try JSONEncoder().encode(stamp).write(to: URL(fileURLWithPath: file), options: .atomic)
        return read
    }

    /// Facts and frame index of a source.
    func findings(_ path: String) throws -> SourceInspector.Findings {
        let fingerprint = try fingerprint(path)
        let key = try TaskKey(
            "inspection", of: [fingerprint.sha256, "\(SourceInspector.revision)"],
            libraries: MediaLibraries.identities.filter { $0.name.hasPrefix("libav") })
        let file = "\(folder)/\(key).json"
        if let known = FileManager.default.contents(atPath: file),
            let findings = try? JSONDecoder().decode(SourceInspector.Findings.self, from: known)
        {
            return findings
        }
        let findings = try SourceInspector.inspect(path: path, fingerprint: fingerprint)
        try JSONEncoder().encode(findings).write(to: URL(fileURLWithPath: file), options: .atomic)
        return findings
    }
}
