import Crypto
import Engine
import Foundation
import Glibc
import MediaModel
import Synchronization
import Transcoding

/// What content files have, read once: kept against size, time and inode, so that the question whether one is unchanged is quick.
final class FileStamps: Sendable {
    /// Where they are kept.
    let folder: String
    /// Where files lie that manifests name.
    let locations: FileLocations
    private let look: FileLook<Look>
    private let damaged = Mutex<Set<String>>([])

    /// Seconds for which a run waits for a file to say what it is.
    static let patience = 30.0

    /// A file as it is now; nil where it cannot be looked at, with the reason.
    typealias Look = (stamp: Stamp?, reason: String)

    /// - Parameters:
    ///   - work: the work folder's path.
    ///   - patience: nil: whoever asks may hang with the file, as a worker may.
    ///   - ask: looks at a file.
    init(work: String, patience: Double? = nil, ask: @escaping @Sendable (String) -> Look = FileStamps.look) throws {
        look = FileLook(patience: patience, ask: ask)
        folder = "\(work)/stamps"
        locations = FileLocations(work: work)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// One that a disk has spoilt is none: the file is read again.
    private func read(_ file: String) -> Stamp? {
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        if let stamp = Sealed.line(data).flatMap({ try? JSONDecoder().decode(Stamp.self, from: $0) }) { return stamp }
        damaged.withLock { _ = $0.insert(file) }
        return nil
    }

    /// Stamps that were found damaged on the disk.
    var damagedCount: Int { damaged.withLock { $0.count } }

    /// What a path's content was when it was last read, and what tells that the file is still the same.
    struct Stamp: Codable, Equatable, Sendable {
        var path: String
        var bytes: Int64
        fileprivate var seconds: Int = 0
        fileprivate var nanoseconds: Int = 0
        /// 0: the file is not here, but somebody knows what it is.
        fileprivate var inode: UInt64 = 0
        var sha256: String = ""
    }

    /// SHA-256 and size of a file, read only when size, time or inode differ from last time.
    /// - Parameter onProgress: told often while it is read.
    func fingerprint(_ path: String, onProgress: () -> Void = {}) throws -> (sha256: String, bytes: Int64) {
        let stamp = try content(path, onProgress: onProgress)
        return (stamp.sha256, stamp.bytes)
    }

    /// The same, with what tells later whether the file has changed since.
    func content(_ path: String, onProgress: () -> Void = {}) throws -> Stamp {
        let (now, known) = try stamps(path)
        if let known { return known }
        let read = try Fingerprint.ofFile(at: path) {
            onProgress()
            return true
        }
        return try keep(now, read)
    }

    /// Whether a file is still what it was, by size and time. Some mounts give a file another inode each time: there its content decides.
    func isUnchanged(_ stamp: Stamp, onProgress: () -> Void = {}) -> Bool {
        guard var now = Self.look(stamp.path).stamp else { return false }
        let hasItsInode = now.inode == stamp.inode
        (now.inode, now.sha256) = (stamp.inode, stamp.sha256)
        guard now == stamp else { return false }
        return hasItsInode || (try? fingerprint(stamp.path, onProgress: onProgress).sha256) == stamp.sha256
    }

    /// Takes note of a file's fingerprint that somebody else has computed. The file need not be here: what is known of it outlasts it.
    func learn(_ path: String, sha256: String, bytes: Int64) throws {
        try keep(try here(path).stamp ?? Stamp(path: path, bytes: bytes), (sha256, bytes))
    }

    @discardableResult
    func keep(_ now: Stamp, _ fingerprint: (sha256: String, bytes: Int64)) throws -> Stamp {
        var stamp = now
        stamp.sha256 = fingerprint.sha256
        stamp.bytes = fingerprint.bytes
        let data = Sealed.data([try JSONEncoder().encode(stamp)])
        try data.write(to: URL(fileURLWithPath: stampFile(now.path)), options: .atomic)
        return stamp
    }

    private func stampFile(_ path: String) -> String { "\(folder)/\(Fingerprint.of(Array(path.utf8)).prefix(32)).json" }

    /// What the file is now, without its hash, and what is known of just this.
    func stamps(_ path: String) throws -> (now: Stamp, known: Stamp?) {
        let (now, reason) = try here(path)
        let known = read(stampFile(path))
        guard var now else {
            guard let known, known.inode == 0 else { throw TranscodingError(.unreadable, "read '\(path)'", reason) }
            return (known, known)
        }
        now.sha256 = known?.sha256 ?? ""
        return (now, now == known ? known : nil)
    }

    private func here(_ path: String) throws -> Look {
        do throws(FileLook<Look>.Silence) { return try look.look(path) } catch {
            throw TranscodingError(
                .unreadable, "read '\(path)'",
                "its folder has not answered for \(Int(error.seconds)) s; is the disk or the server that it lies on gone?")
        }
    }

    /// What is known of a file without reading it: of one that is as it was, and of one that is gone, what it was when it was last read.
    func memory(of path: String) -> (sha256: String?, isGone: Bool) {
        guard let look = try? here(path) else { return (nil, false) }
        let known = read(stampFile(path))
        guard var now = look.stamp else { return (known?.sha256, known?.inode != 0 && SystemCall.isGone(path)) }
        now.sha256 = known?.sha256 ?? ""
        return (now == known ? now.sha256 : nil, false)
    }

    /// Bytes of a file; nil where it cannot be looked at.
    func size(_ path: String) -> Int64? { (try? here(path))?.stamp?.bytes }

    /// No pipe and no device: whoever reads one may wait for ever.
    static func look(_ path: String) -> Look {
        guard let status = SystemCall.status(path) else { return (nil, SystemCall.lastError) }
        if let fault = Fingerprint.fault(mode: status.st_mode) { return (nil, fault) }
        let stamp = Stamp(
            path: path, bytes: Int64(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
            inode: UInt64(status.st_ino))
        return (stamp, "")
    }
}
