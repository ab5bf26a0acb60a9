import Engine
import MediaModel
import Packaging
import Transcoding

/// Carries tasks out, in a worker: reads the plan, does the work, and leaves the result under its key.
final class TaskPerformer: TaskPerforming {
    private let work: WorkFolder
    private let facts: SourceFacts
    /// The plan of the last task: the next one is mostly of the same title.
    private var open: (name: String, title: OpenTitle)?

    /// A title as its tasks need it.
    private struct OpenTitle {
        var source: InputFile
        var inputs: InputLocations
        var artefacts: TitleArtefacts
        var index: FrameIndex?

        var plan: AssetPlan { artefacts.plan }
        var tasks: TitleTasks { artefacts.tasks }
        var sourceContent: ContentHash { ContentHash(plan.source.fingerprint) }
    }

    private static let dressing = SegmentDressing(
        segmentType: SegmentType.box, finishInit: { InitSegment.finished($0, compositionStart: $1) })

    init(work: WorkFolder) throws {
        self.work = work
        facts = try SourceFacts(work: work)
    }

    func perform(_ task: any EngineTask, onProgress: (Double?) -> Void) throws {
        guard let order = task as? TaskOrder else {
            throw PipelineError(.internalError, task.label, "no worker knows how")
        }
        try perform(order, onProgress: onProgress)
    }

    /// - Parameter onProgress: told often: with the share of the task that is done, 0 to 1, or with nil where it only goes on.
    func perform(_ order: TaskOrder, onProgress: (Double?) -> Void) throws {
        switch order {
        case .study(let files): try study(files, onProgress)
        case .encode(let plan, let chunk, let rungs): try encode(try title(plan, onProgress), chunk: chunk, rungs: rungs, onProgress)
        case .encodeMeasured(let plan, let chunk, let rungs):
            try encodeMeasured(try title(plan, onProgress), chunk: chunk, rungs: rungs, onProgress)
        case .sound(let plan, let number): try encodeSound(try title(plan, onProgress), number, onProgress)
        case .text(let plan, let number): try convertText(try title(plan, onProgress), number, onProgress)
        case .images(let plan): try makeImages(try title(plan, onProgress), onProgress)
        case .package(let plan): try package(try title(plan, onProgress), onProgress)
        }
    }

    private func title(_ name: String, _ onProgress: (Double?) -> Void) throws -> OpenTitle {
        if let open, open.name == name { return open.title }
        let file = try work.plan(name)
        // Known, mostly; what has gone from the work folder meanwhile is read again, which may take long.
        let source = try file.inputs.file(ContentHash(file.plan.source.fingerprint), of: file.plan)
        let findings = try InputLabels.naming([source]) {
            try facts.findings(source.path, program: file.plan.source.chosenProgram) { onProgress(nil) }
        }
        guard findings.source.fingerprint == file.plan.source.fingerprint else { throw Self.changed(source) }
        let title = OpenTitle(
            source: source, inputs: file.inputs, artefacts: TitleArtefacts(file.plan, in: work.artefacts), index: findings.index)
        open = (name, title)
        return title
    }

    private static func changed(_ file: InputFile) -> PipelineError {
        PipelineError(.title, "read '\(file.label)'", "it changed while the run was going; run again")
    }

    /// Works with files that have to be the planned ones from beginning to end: whatever came of others, good or bad, is not this title's,
    /// and would lie under the key of what was planned for ever.
    private func reading<Value>(
        _ contents: [ContentHash], of title: OpenTitle, _ onProgress: (Double?) -> Void, _ body: (_ files: [InputFile]) throws -> Value
    ) throws -> Value {
        let files = try contents.map { try title.inputs.file($0, of: title.plan) }
        return try InputLabels.naming(files) {
            let stamps = try zip(files, contents).map { file, content in
                let stamp = try facts.content(file.path) { onProgress(nil) }
                guard stamp.sha256 == content.sha256 else { throw Self.changed(file) }
                return stamp
            }
            onProgress(nil)
            let outcome = Swift.Result { try body(files) }
            onProgress(nil)
            for (file, stamp) in zip(files, stamps) where !facts.isUnchanged(stamp, onProgress: { onProgress(nil) }) {
                throw Self.changed(file)
            }
            return try outcome.get()
        }
    }

    private func study(_ files: TitleFiles, _ onProgress: (Double?) -> Void) throws {
        try InputLabels.naming(files.all) {
            _ = try facts.findings(files.source.path, program: files.program) { onProgress(nil) }
            for file in files.audio { _ = try facts.findings(file.path) { onProgress(nil) } }
            for file in files.sidecars { _ = try facts.fingerprint(file.path) { onProgress(nil) } }
            for file in files.subtitles { _ = try facts.textWarnings(file) }
            if let artwork = files.artwork { _ = try facts.pictureSize(artwork.path) }
        }
    }

    // MARK: Picture

    /// A lane of a pass and where its result goes.
    private struct Result {
        var lane: ChunkPass.Lane
        var key: TaskKey
        var folder: String
    }

    /// One decode for rungs of one chunk: single-pass rungs are encoded, two-pass rungs measured.
    private func encode(_ title: OpenTitle, chunk: Int, rungs: [Int], _ onProgress: (Double?) -> Void) throws {
        var results: [Result] = []
        defer { for result in results { work.artefacts.discard(result.folder) } }
        for rung in rungs where try !title.artefacts.isFirstPassDone(chunk: chunk, rung: rung) {
            // What published versions told of it is of no use without its statistics.
            if title.tasks.isTwoPass(rung: rung) { try work.artefacts.drop(try title.tasks.measureKey(chunk: chunk, rung: rung)) }
            let folder = try work.artefacts.begin()
            let (purpose, key): (ChunkPass.Purpose, TaskKey) =
                title.tasks.isTwoPass(rung: rung)
                ? (.measure(statistics: "\(folder)/statistics"), try title.tasks.measureKey(chunk: chunk, rung: rung))
                : (.encode(folder: folder), try title.tasks.chunkKey(chunk: chunk, rung: rung, bitRate: nil))
            results.append(Result(lane: ChunkPass.Lane(rung: rung, purpose: purpose), key: key, folder: folder))
        }
        try run(results, of: title, chunk: chunk, onProgress)
    }

    private func encodeMeasured(_ title: OpenTitle, chunk: Int, rungs: [Int], _ onProgress: (Double?) -> Void) throws {
        var results: [Result] = []
        defer { for result in results { work.artefacts.discard(result.folder) } }
        for rung in rungs {
            let bitRate = try title.artefacts.bitRates(rung: rung)[chunk]
            let key = try title.tasks.chunkKey(chunk: chunk, rung: rung, bitRate: bitRate)
            guard !work.artefacts.holds(key, as: MediaRecord.self) else { continue }
            let measure = try title.tasks.measureKey(chunk: chunk, rung: rung)
            // An encoder that reads other statistics says nothing, and gives another picture.
            guard !work.artefacts.isDamaged(measure) else {
                throw PipelineError(.title, "encode chunk \(chunk + 1)", "what its first pass has left in the work folder is damaged")
            }
            let folder = try work.artefacts.begin()
            let statistics = try work.artefacts.folder(measure) + "/statistics"
            let purpose = ChunkPass.Purpose.encodeMeasured(folder: folder, statistics: statistics, bitRate: bitRate)
            results.append(Result(lane: ChunkPass.Lane(rung: rung, purpose: purpose), key: key, folder: folder))
        }
        try run(results, of: title, chunk: chunk, onProgress)
    }

    /// Carries out a pass and keeps its results; lanes that went over a soft cap run again, coarser.
    private func run(_ results: [Result], of title: OpenTitle, chunk: Int, attempt: Int = 1, _ onProgress: (Double?) -> Void) throws {
        guard !results.isEmpty else { return }
        guard let index = title.index else {
            throw PipelineError(.internalError, "encode '\(title.source.label)'", "it was planned without a frame index")
        }
        let frames = Double(max(1, title.plan.grid.frames(ofChunk: chunk).count))
        var done = 0.0
        let outcomes = try reading([title.sourceContent], of: title, onProgress) { files in
            try ChunkPass.run(
                source: files[0].path, plan: title.plan, index: index, chunk: chunk, lanes: results.map(\.lane), dressing: Self.dressing,
                onFrame: {
                    done += 1
                    onProgress(min(1, done / frames))
                    return true
                },
                onProgress: {
                    onProgress(nil)
                    return true
                })
        }
        var again: [Result] = []
        for (result, outcome) in zip(results, outcomes) {
            guard let record = outcome.record else {
                try work.artefacts.commit(result.folder, as: result.key, record: MeasureRecord(codedBytes: outcome.codedBytes))
                continue
            }
            let lane = result.lane
            if attempt < SoftCap.attempts,
                let coarser = SoftCap.coarser(than: lane.coarser, record: record, rung: title.plan.rungs[lane.rung].rung)
            {
                let next = ChunkPass.Lane(rung: lane.rung, purpose: lane.purpose, coarser: coarser)
                again.append(Result(lane: next, key: result.key, folder: result.folder))
            } else {
                try work.artefacts.commit(result.folder, as: result.key, record: record)
            }
        }
        try run(again, of: title, chunk: chunk, attempt: attempt + 1, onProgress)
    }

    // MARK: The rest

    /// Makes a result in a folder of its own, unless it is there.
    private func make<Record: Codable>(_ key: TaskKey, _ body: (_ folder: String) throws -> Record) throws {
        guard !work.artefacts.holds(key, as: Record.self) else { return }
        let folder = try work.artefacts.begin()
        defer { work.artefacts.discard(folder) }
        try work.artefacts.commit(folder, as: key, record: try body(folder))
    }

    private func encodeSound(_ title: OpenTitle, _ number: Int, _ onProgress: (Double?) -> Void) throws {
        let sound = title.plan.audio[number]
        let frames = max(1, title.plan.grid.duration.approximate * Double(sound.format.sampleRate) / 1024)
        var done = 0.0
        try make(try title.tasks.soundKey(number)) { folder in
            try reading([sound.file ?? title.sourceContent], of: title, onProgress) { files in
                try SoundEncoder.run(
                    sound, path: files[0].path, plan: title.plan, folder: folder, dressing: Self.dressing,
                    onFrame: {
                        done += 1
                        onProgress(min(1, done / frames))
                        return true
                    },
                    onProgress: {
                        onProgress(nil)
                        return true
                    })
            }
        }
    }

    private func convertText(_ title: OpenTitle, _ number: Int, _ onProgress: (Double?) -> Void) throws {
        let text = title.plan.text[number]
        try make(try title.tasks.textKey(number)) { folder in
            try reading([text.file], of: title, onProgress) { files in
                try TextConversion.run(
                    text, path: files[0].path, label: files[0].label, trimStart: title.tasks.sidecarStart, grid: title.plan.grid,
                    into: folder)
            }
        }
    }

    private func makeImages(_ title: OpenTitle, _ onProgress: (Double?) -> Void) throws {
        guard let key = try title.tasks.imagesKey() else { return }
        try make(key) { folder in
            let artwork = title.plan.images?.artwork.map { [$0] } ?? []
            return try reading([title.sourceContent] + artwork, of: title, onProgress) { files in
                try ImageWriter.run(
                    plan: title.plan, sourcePath: files[0].path, artworkPath: files.dropFirst().first?.path, index: title.index,
                    into: folder
                ) {
                    onProgress(nil)
                    return true
                }
            }
        }
    }

    private func package(_ title: OpenTitle, _ onProgress: (Double?) -> Void) throws {
        let input = try title.artefacts.packageInput()
        try withoutActuallyEscaping(onProgress) { onProgress in
            try make(try title.tasks.packageKey()) { folder in
                PackageRecord(package: try Packager.assemble(input, into: "\(folder)/package") { onProgress(nil) })
            }
        }
    }
}
