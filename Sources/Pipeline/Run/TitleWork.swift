import Glibc
import MediaModel
import Packaging
import Synchronization
import Transcoding

/// Everything that one title's package is made of, as tasks: which there are, which are done, how each is carried out.
final class TitleWork: Sendable {
    let prepared: Preparation.Prepared
    let tasks: TitleTasks
    private let work: WorkFolder
    private let onEvent: @Sendable (RunEvent) -> Void
    private let progress: Mutex<(done: Double, reported: Double)> = Mutex((0, 0))
    private let totalCost: Double
    /// Of this title's tasks in this run, in nanoseconds.
    private let spent = Atomic<Int64>(0)

    /// CPU seconds that this run spent on the title's tasks.
    var cpuSeconds: Double { Double(spent.load(ordering: .relaxed)) / 1e9 }

    private var plan: AssetPlan { prepared.plan }

    init(_ prepared: Preparation.Prepared, work: WorkFolder, onEvent: @escaping @Sendable (RunEvent) -> Void) {
        self.prepared = prepared
        self.work = work
        self.onEvent = onEvent
        tasks = TitleTasks(prepared.plan)
        totalCost =
            Double(prepared.plan.grid.frames) * (TitleWork.rungCosts(prepared.plan).reduce(0, +) + TitleWork.decodeCost(prepared.plan))
    }

    private static let dressing = SegmentDressing(segmentType: SegmentType.box, finishInit: { InitSegment.finished($0) })

    // MARK: Costs, in pixels per output frame: only their relations matter

    private static func rungCosts(_ plan: AssetPlan) -> [Double] {
        plan.rungs.map { Double($0.width * $0.height) / Double($0.frameDivisor) * weight($0.rung) + 20_000 }
    }

    private static func weight(_ rung: Rung) -> Double {
        switch rung.codec {
        case .h264: 1
        case .hevc: 4
        case .av1: 2
        }
    }

    private static func decodeCost(_ plan: AssetPlan) -> Double {
        Double((plan.source.video?.width ?? 0) * (plan.source.video?.height ?? 0)) * 0.15
    }

    // MARK: Tasks

    /// The tasks still to do.
    /// - Parameters:
    ///   - first: index that the first node will have in the batch.
    ///   - chunks: of the whole batch, and `workers`: what passes are grouped by.
    func nodes(first: Int, chunks: Int, workers: Int) throws -> [TaskNode] {
        var nodes: [TaskNode] = []
        func add(cost: Double, dependencies: [Int] = [], _ body: @escaping @Sendable () throws -> Void) {
            nodes.append(
                TaskNode(group: plan.id, cost: cost, dependencies: dependencies) {
                    guard !StopSignal.isRaised else { throw PipelineError(.interrupted, "", "stopped before it was done") }
                    let began = ThreadClock.nanoseconds
                    defer { self.spent.add(ThreadClock.nanoseconds - began, ordering: .relaxed) }
                    try body()
                })
        }
        let perFrame = TitleWork.rungCosts(plan)
        let grouping = PassGrouping.passes(
            rungCosts: perFrame, decodeCost: TitleWork.decodeCost(plan), chunks: chunks, workers: workers)
        for chunk in 0..<(plan.picture == nil ? 0 : plan.grid.chunkCount) {
            let frames = Double(plan.grid.frames(ofChunk: chunk).count)
            for rungs in grouping[max(0, chunks - plan.grid.chunkCount) + chunk] {
                let missing = try rungs.filter { try !isFirstPassDone(chunk: chunk, rung: $0) }
                guard !missing.isEmpty else { continue }
                add(cost: frames * missing.reduce(TitleWork.decodeCost(plan)) { $0 + perFrame[$1] }) { [self] in
                    try encode(chunk: chunk, rungs: missing)
                }
            }
        }
        let measured = Array(first..<first + nodes.count)
        let twoPass = plan.rungs.indices.filter { tasks.isTwoPass(rung: $0) }
        if !twoPass.isEmpty {
            for chunk in 0..<plan.grid.chunkCount {
                let frames = Double(plan.grid.frames(ofChunk: chunk).count)
                add(cost: frames * twoPass.reduce(TitleWork.decodeCost(plan)) { $0 + perFrame[$1] }, dependencies: measured) { [self] in
                    try encodeMeasured(chunk: chunk, rungs: twoPass)
                }
            }
        }
        for number in plan.audio.indices where !work.artefacts.holds(try tasks.soundKey(number), as: MediaRecord.self) {
            add(cost: Double(plan.grid.frames) * 20_000) { [self] in try encodeSound(number) }
        }
        for number in plan.text.indices where !work.artefacts.holds(try tasks.textKey(number), as: MediaRecord.self) {
            add(cost: 1) { [self] in try convertText(number) }
        }
        if let key = try tasks.imagesKey(), !work.artefacts.holds(key, as: ImageRecord.self) {
            add(cost: Double(plan.grid.frames) * TitleWork.decodeCost(plan)) { [self] in try makeImages(key) }
        }
        return nodes
    }

    /// How much of the title is there: none, some or all of its artefacts.
    func state() throws -> (done: Int, all: Int) {
        var found: [Bool] = []
        for rung in plan.rungs.indices {
            for chunk in 0..<plan.grid.chunkCount { found.append(try isFirstPassDone(chunk: chunk, rung: rung)) }
        }
        let tracks = try plan.audio.indices.map { try tasks.soundKey($0) } + plan.text.indices.map { try tasks.textKey($0) }
        found += tracks.map { work.artefacts.holds($0, as: MediaRecord.self) }
        if let images = try tasks.imagesKey() { found.append(work.artefacts.holds(images, as: ImageRecord.self)) }
        return (found.count { $0 }, found.count)
    }

    private func isFirstPassDone(chunk: Int, rung: Int) throws -> Bool {
        tasks.isTwoPass(rung: rung)
            ? work.artefacts.holds(try tasks.measureKey(chunk: chunk, rung: rung), as: MeasureRecord.self)
            : work.artefacts.holds(try tasks.chunkKey(chunk: chunk, rung: rung, bitRate: nil), as: MediaRecord.self)
    }

    // MARK: Carrying out

    /// One decode for rungs of one chunk: single-pass rungs are encoded, two-pass rungs measured.
    private func encode(chunk: Int, rungs: [Int]) throws {
        var lanes: [ChunkPass.Lane] = []
        var results: [(key: TaskKey, folder: String)] = []
        defer { for result in results { work.artefacts.discard(result.folder) } }
        for rung in rungs {
            let folder = try work.artefacts.begin()
            if tasks.isTwoPass(rung: rung) {
                results.append((try tasks.measureKey(chunk: chunk, rung: rung), folder))
                lanes.append(ChunkPass.Lane(rung: rung, purpose: .measure(statistics: "\(folder)/statistics")))
            } else {
                results.append((try tasks.chunkKey(chunk: chunk, rung: rung, bitRate: nil), folder))
                lanes.append(ChunkPass.Lane(rung: rung, purpose: .encode(folder: folder)))
            }
        }
        try run(lanes, chunk: chunk, results: results)
    }

    private func encodeMeasured(chunk: Int, rungs: [Int]) throws {
        var lanes: [ChunkPass.Lane] = []
        var results: [(key: TaskKey, folder: String)] = []
        defer { for result in results { work.artefacts.discard(result.folder) } }
        for rung in rungs {
            let bitRate = try bitRates(rung: rung)[chunk]
            let key = try tasks.chunkKey(chunk: chunk, rung: rung, bitRate: bitRate)
            guard !work.artefacts.holds(key, as: MediaRecord.self) else { continue }
            let folder = try work.artefacts.begin()
            results.append((key, folder))
            let statistics = work.artefacts.folder(try tasks.measureKey(chunk: chunk, rung: rung)) + "/statistics"
            lanes.append(ChunkPass.Lane(rung: rung, purpose: .encodeMeasured(folder: folder, statistics: statistics, bitRate: bitRate)))
        }
        guard !lanes.isEmpty else { return }
        try run(lanes, chunk: chunk, results: results)
    }

    /// Carries out a pass and keeps its results; lanes that went over a soft cap run again, coarser.
    private func run(_ lanes: [ChunkPass.Lane], chunk: Int, results: [(key: TaskKey, folder: String)], attempt: Int = 1) throws {
        guard let index = prepared.index else {
            throw PipelineError(.internalError, "encode '\(prepared.request.source)'", "it was planned without a frame index")
        }
        let costs = TitleWork.rungCosts(plan)
        let step = lanes.reduce(TitleWork.decodeCost(plan)) { $0 + costs[$1.rung] }
        let outcomes = try ChunkPass.run(
            source: prepared.request.source, plan: plan, index: index, chunk: chunk, lanes: lanes, dressing: TitleWork.dressing,
            onFrame: { [self] in
                advance(step)
                return !StopSignal.isRaised
            })
        var again: [(lane: ChunkPass.Lane, result: (key: TaskKey, folder: String))] = []
        for (number, outcome) in outcomes.enumerated() {
            let (lane, result) = (lanes[number], results[number])
            if let record = outcome.record {
                if attempt < SoftCap.attempts,
                    let coarser = SoftCap.coarser(than: lane.coarser, record: record, rung: plan.rungs[lane.rung].rung)
                {
                    again.append((ChunkPass.Lane(rung: lane.rung, purpose: lane.purpose, coarser: coarser), result))
                    continue
                }
                try work.artefacts.commit(result.folder, as: result.key, record: record)
            } else {
                try work.artefacts.commit(result.folder, as: result.key, record: MeasureRecord(codedBytes: outcome.codedBytes))
            }
        }
        guard !again.isEmpty else { return }
        try run(again.map(\.lane), chunk: chunk, results: again.map(\.result), attempt: attempt + 1)
    }

    private func encodeSound(_ number: Int) throws {
        let sound = plan.audio[number]
        let folder = try work.artefacts.begin()
        defer { work.artefacts.discard(folder) }
        let record = try SoundEncoder.run(
            sound, path: sound.file?.path ?? prepared.request.source, plan: plan, folder: folder, dressing: TitleWork.dressing,
            onFrame: { !StopSignal.isRaised })
        try work.artefacts.commit(folder, as: try tasks.soundKey(number), record: record)
    }

    private func convertText(_ number: Int) throws {
        let text = plan.text[number]
        let folder = try work.artefacts.begin()
        defer { work.artefacts.discard(folder) }
        let record = try TextConversion.run(
            file: text.file.path, label: text.file.path, trimStart: tasks.sidecarStart, grid: plan.grid, into: folder)
        try work.artefacts.commit(folder, as: try tasks.textKey(number), record: record)
    }

    private func makeImages(_ key: TaskKey) throws {
        let folder = try work.artefacts.begin()
        defer { work.artefacts.discard(folder) }
        let record = try ImageWriter.run(plan: plan, sourcePath: prepared.request.source, index: prepared.index, into: folder)
        try work.artefacts.commit(folder, as: key, record: record)
    }

    // MARK: Results

    /// Bits per second of each chunk of a two-pass rung; needs all its first passes.
    private func bitRates(rung: Int) throws -> [Int] {
        guard case .twoPass(let bitRate, let cap) = plan.rungs[rung].rung.rateControl else { return [] }
        let chunks = 0..<plan.grid.chunkCount
        let costs = try chunks.map { chunk in
            let key = try tasks.measureKey(chunk: chunk, rung: rung)
            guard let record = work.artefacts.record(key, as: MeasureRecord.self) else {
                throw missing("the first pass of chunk \(chunk + 1)")
            }
            return record.codedBytes
        }
        return BitShares.bitRates(bitRate, cap: cap.maxRate, costs: costs, frames: chunks.map { plan.grid.frames(ofChunk: $0).count })
    }

    /// All results, for the packager.
    func packageInput(_ provenance: Provenance) throws -> PackageInput {
        let video = try plan.rungs.indices.map { rung in
            let rates = tasks.isTwoPass(rung: rung) ? try bitRates(rung: rung) : []
            return try (0..<plan.grid.chunkCount).map { chunk in
                try track(try tasks.chunkKey(chunk: chunk, rung: rung, bitRate: rates.isEmpty ? nil : rates[chunk]))
            }
        }
        var images: (folder: String, record: ImageRecord)?
        if let key = try tasks.imagesKey() {
            guard let record = work.artefacts.record(key, as: ImageRecord.self) else { throw missing("the images") }
            images = (work.artefacts.folder(key), record)
        }
        return PackageInput(
            plan: plan, video: video, audio: try plan.audio.indices.map { try track(try tasks.soundKey($0)) },
            text: try plan.text.indices.map { try track(try tasks.textKey($0)) }, images: images, provenance: provenance)
    }

    private func track(_ key: TaskKey) throws -> TrackInput {
        guard let record = work.artefacts.record(key, as: MediaRecord.self) else { throw missing("a track") }
        return TrackInput(folder: work.artefacts.folder(key), record: record)
    }

    private func missing(_ what: String) -> PipelineError {
        PipelineError(.internalError, "package '\(plan.id)'", "\(what) should be in the work folder and is not; run again")
    }

    /// Tells of every whole percent, no more.
    private func advance(_ step: Double) {
        let report: Double? = progress.withLock { progress in
            progress.done += step
            let share = min(1, progress.done / max(totalCost, 1))
            guard share - progress.reported >= 0.01 else { return nil }
            progress.reported = share
            return share
        }
        if let report { onEvent(.progress(title: plan.id, done: report)) }
    }
}

/// CPU time of the calling thread: tasks run whole on one.
private enum ThreadClock {
    static var nanoseconds: Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
