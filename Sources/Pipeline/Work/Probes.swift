import Engine
import MediaModel
import Synchronization
import Transcoding

/// What is known of files: results of probes, found by the content that a file's stamp tells. A file that nobody has probed is.
final class Probes: Sendable {
    let stamps: FileStamps
    private let store: any ArtefactStore
    /// Results of probes that were found damaged on the disk, and are made again.
    private let damaged = Mutex<Set<TaskKey>>([])
    /// Those whose every byte was read in this process, and is what was written.
    private let whole = Mutex<Set<TaskKey>>([])
    private let inUse = Mutex<Set<TaskKey>>([])

    /// - Parameter patience: seconds for which a file may say nothing; nil: whoever asks may hang with it, as a worker may.
    init(work: WorkFolder, patience: Double? = nil) throws {
        stamps = try FileStamps(work: work.path, patience: patience)
        store = work.artefacts
    }

    init(work: WorkFolder, stamps: FileStamps) {
        self.stamps = stamps
        store = work.artefacts
    }

    /// Results of probes that were of use in this process.
    var usedKeys: [TaskKey] { Array(inUse.withLock { $0 }) }

    var damagedCount: Int { damaged.withLock { $0.count } + stamps.damagedCount }

    /// Facts and frame index of a source. One that is not known is read once, for its fingerprint and its index.
    /// - Parameters:
    ///   - program: of a transport stream; nil: that of the main picture.
    ///   - onProgress: told often while it is read.
    func probe(_ path: String, program: Int? = nil, onProgress: () -> Void = {}) throws -> SourceInspector.Findings {
        let (now, known) = try stamps.stamps(path)
        let goesOn = {
            onProgress()
            return true
        }
        if let known {
            let key = try ProbeTask(file: known.sha256, program: program).key()
            if isWhole(key, as: SourceInfo.self), let kept = ProbeTask.read(key, in: store) {
                used(key)
                return kept
            }
            // Another FFmpeg may find other facts; the bytes are the same.
            let probe = try SourceInspector.inspect(
                path: path, fingerprint: (known.sha256, known.bytes), program: program, onProgress: goesOn)
            return try keep(probe, program)
        }
        let probe = try keep(try SourceInspector.inspect(path: path, program: program, onProgress: goesOn), program)
        // Last: a stamp says that the facts are there.
        try stamps.keep(now, (probe.source.fingerprint, probe.source.byteCount))
        return probe
    }

    private func keep(_ probe: SourceInspector.Findings, _ program: Int?) throws -> SourceInspector.Findings {
        try keep(try ProbeTask(file: probe.source.fingerprint, program: program).key()) { try ProbeTask.write(probe, into: $0) }
        return probe
    }

    /// What was tolerated in a subtitle file, read once. One that is wrong is read each time, and told with file and line.
    /// - Throws: where the file is no subtitle file.
    func textWarnings(_ file: SubtitleFile) throws -> [String] {
        let task = try textTask(file)
        return try record(of: task) { _ in try task.read(file.file) }.warnings
    }

    private func textTask(_ file: SubtitleFile) throws -> ProbeTextTask {
        let content = ContentHash(try stamps.fingerprint(file.file.path).sha256)
        return ProbeTextTask(
            inputs: ProbeTextTask.Inputs(
                file: content, isNamedWebVTT: file.isNamedWebVTT, language: file.language, encoding: file.encoding))
    }

    /// Width and height of a picture file.
    func artworkSize(_ path: String) throws -> ImagePlan.Size {
        try record(of: try artworkTask(path)) { _ in try PictureFile.size(of: path) }
    }

    private func artworkTask(_ path: String) throws -> ProbeArtworkTask {
        ProbeArtworkTask(inputs: ProbeArtworkTask.Inputs(file: ContentHash(try stamps.fingerprint(path).sha256)))
    }

    /// True where all that is to be known of these files is known, so that none has to be opened.
    func know(_ files: TitleFiles) throws -> Bool {
        for (path, program) in [(files.source.path, files.program)] + files.audio.map({ ($0.path, nil) }) {
            // Read, not only looked for: what a power cut has broken is read anew by a worker, never by this process.
            guard let known = try stamps.stamps(path).known,
                isWhole(try ProbeTask(file: known.sha256, program: program).key(), as: SourceInfo.self)
            else {
                return false
            }
        }
        for file in files.sidecars where try stamps.stamps(file.path).known == nil { return false }
        for file in files.subtitles where !isWhole(try textTask(file).key(), as: ProbeTextTask.Record.self) { return false }
        guard let artwork = files.artwork else { return true }
        return isWhole(try artworkTask(artwork.path).key(), as: ImagePlan.Size.self)
    }

    // MARK: The store

    private func record<Task: TitleTask>(of task: Task, _ make: (_ folder: String) throws -> Task.Record) throws -> Task.Record {
        let key = try task.key()
        if isWhole(key, as: Task.Record.self), let kept = store.record(key, as: Task.Record.self) {
            used(key)
            return kept
        }
        return try keep(key, make)
    }

    @discardableResult
    private func keep<Record: Codable>(_ key: TaskKey, _ make: (_ folder: String) throws -> Record) throws -> Record {
        let folder = try store.begin()
        defer { store.discard(folder) }
        let record = try make(folder)
        try store.commit(folder, as: key, record: record)
        return record
    }

    /// Whether a result is there and every byte of it is what was written. What is not is taken away.
    private func isWhole<Record: Decodable>(_ key: TaskKey, as type: Record.Type) -> Bool {
        if whole.withLock({ $0.contains(key) }) { return true }
        guard !store.isDamaged(key) else {
            damaged.withLock { _ = $0.insert(key) }
            // Where it stays, whoever makes it anew puts the new one in its place.
            try? store.drop(key)
            return false
        }
        guard store.holds(key, as: type) else { return false }
        whole.withLock { _ = $0.insert(key) }
        return true
    }

    private func used(_ key: TaskKey) { inUse.withLock { _ = $0.insert(key) } }
}
