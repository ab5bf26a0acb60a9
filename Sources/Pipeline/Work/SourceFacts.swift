import Crypto
import Engine
import Foundation
import Glibc
import MediaModel
import Synchronization
import Transcoding

/// Facts of files, read once: fingerprints are kept against size, time and inode, inspections against the fingerprint.
final class SourceFacts: Sendable {
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
    ///   - patience: nil: whoever asks may hang with the file, as a worker may.
    ///   - ask: looks at a file.
    init(work: WorkFolder, patience: Double? = nil, ask: @escaping @Sendable (String) -> Look = SourceFacts.look) throws {
        look = FileLook(patience: patience, ask: ask)
        folder = "\(work.path)/facts"
        locations = FileLocations(work: work.path)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Facts that were found damaged on the disk, and are read from the files again.
    var damagedFacts: Int { damaged.withLock { $0.count } }

    private func read<Fact: Decodable>(_ file: String, as type: Fact.Type) -> Fact? {
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        if let fact = Sealed.line(data).flatMap({ try? JSONDecoder().decode(type, from: $0) }) { return fact }
        damaged.withLock { _ = $0.insert(file) }
        return nil
    }

    private func write(_ fact: some Encodable, to file: String) throws {
        try Sealed.data([try JSONEncoder().encode(fact)]).write(to: URL(fileURLWithPath: file), options: .atomic)
    }

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

    /// Takes note of a file's fingerprint that somebody else has computed. The file need not be here: its facts outlast it.
    func learn(_ path: String, sha256: String, bytes: Int64) throws {
        try keep(try here(path).stamp ?? Stamp(path: path, bytes: bytes), (sha256, bytes))
    }

    @discardableResult
    private func keep(_ now: Stamp, _ fingerprint: (sha256: String, bytes: Int64)) throws -> Stamp {
        var stamp = now
        stamp.sha256 = fingerprint.sha256
        stamp.bytes = fingerprint.bytes
        try write(stamp, to: stampFile(now.path))
        return stamp
    }

    private func stampFile(_ path: String) -> String { "\(folder)/path-\(Fingerprint.of(Array(path.utf8)).prefix(32)).json" }

    /// What the file is now, without its hash, and what is known of just this.
    private func stamps(_ path: String) throws -> (now: Stamp, known: Stamp?) {
        let (now, reason) = try here(path)
        let known = read(stampFile(path), as: Stamp.self)
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
        let known = read(stampFile(path), as: Stamp.self)
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

    /// Facts and frame index of a source. One that is not known is read once, for its fingerprint and its index.
    /// - Parameters:
    ///   - program: of a transport stream; nil: that of the main picture.
    ///   - onProgress: told often while it is read.
    func findings(_ path: String, program: Int? = nil, onProgress: () -> Void = {}) throws -> SourceInspector.Findings {
        let (now, known) = try stamps(path)
        let onProgress = {
            onProgress()
            return true
        }
        if let known {
            if let findings = try keptFindings(known.sha256, program) { return findings }
            // Another FFmpeg may find other facts; the bytes are the same.
            return try keep(
                try SourceInspector.inspect(
                    path: path, fingerprint: (known.sha256, known.bytes), program: program, onProgress: onProgress), program)
        }
        let findings = try keep(try SourceInspector.inspect(path: path, program: program, onProgress: onProgress), program)
        // Last: a stamp says that the facts are there.
        try keep(now, (findings.source.fingerprint, findings.source.byteCount))
        return findings
    }

    private func keptFindings(_ sha256: String, _ program: Int?) throws -> SourceInspector.Findings? {
        let file = try inspectionFile(sha256, program)
        guard let source = read("\(file).json", as: SourceInfo.self) else { return nil }
        guard source.video != nil else { return SourceInspector.Findings(source: source, index: nil) }
        guard let bytes = FileManager.default.contents(atPath: "\(file).index") else { return nil }
        guard let index = FrameIndex(encoded: [UInt8](bytes)) else {
            damaged.withLock { _ = $0.insert("\(file).index") }
            return nil
        }
        return SourceInspector.Findings(source: source, index: index)
    }

    private func keep(_ findings: SourceInspector.Findings, _ program: Int?) throws -> SourceInspector.Findings {
        let file = try inspectionFile(findings.source.fingerprint, program)
        if let index = findings.index { try Data(index.encoded).write(to: URL(fileURLWithPath: "\(file).index"), options: .atomic) }
        try write(findings.source, to: "\(file).json")
        return findings
    }

    /// Without its ending.
    private func inspectionFile(_ sha256: String, _ program: Int?) throws -> String {
        let key = try TaskKey(
            "inspection", of: [sha256, "\(SourceInspector.revision)"] + (program.map { ["program \($0)"] } ?? []),
            libraries: EngineIdentity.libraries.filter { $0.name.hasPrefix("libav") })
        return "\(folder)/\(key)"
    }

    /// Width and height of a picture file, found by decoding it once.
    func pictureSize(_ path: String) throws -> ImagePlan.Size {
        let file = "\(folder)/picture-\(try fingerprint(path).sha256).json"
        if let size = read(file, as: ImagePlan.Size.self) { return size }
        let size = try PictureFile.size(of: path)
        try write(size, to: file)
        return size
    }

    /// True where all that is to be known of these files is known, so that none has to be opened.
    func know(_ files: TitleFiles) throws -> Bool {
        for (path, program) in [(files.source.path, files.program)] + files.audio.map({ ($0.path, nil) }) {
            // Read, not only looked for: what a power cut has broken is read anew by a worker, never by this process.
            guard let known = try stamps(path).known, try keptFindings(known.sha256, program) != nil else { return false }
        }
        for file in files.sidecars where try stamps(file.path).known == nil { return false }
        for file in files.subtitles where try !knowsText(file) { return false }
        guard let artwork = files.artwork else { return true }
        return read("\(folder)/picture-\(try fingerprint(artwork.path).sha256).json", as: ImagePlan.Size.self) != nil
    }
}
