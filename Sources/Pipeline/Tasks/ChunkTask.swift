import Engine
import MediaModel
import Planning
import Transcoding

/// A task that encodes or measures one rung of one chunk. One decode serves several of them (`EncodePass`): which ones share it changes no
/// byte.
protocol ChunkTask: TitleTask {
    var chunk: Int { get }
    /// Index in the plan.
    var rung: Int { get }

    /// CPU seconds for one frame of the grid, without its decoding.
    func secondsPerFrame(_ costs: TaskCosts) -> Double
    /// What its lane of the pass is to do, into the folder.
    func purpose(_ folder: String, _ title: OpenTitle) throws -> ChunkPass.Purpose
    func record(_ outcome: ChunkPass.Outcome) -> Record?
}

extension ChunkTask {
    static var stage: TitleStage { .encoding }
    static var isGrouped: Bool { true }
    var label: String { "encode chunk \(chunk + 1)" }
    var track: String { "rung \(rung)" }

    func seconds(_ costs: TaskCosts) -> Double { secondsPerFrame(costs) }

    /// Alone, in a pass of its own.
    func make(into folder: String, _ title: OpenTitle) throws -> Record {
        let outcome = try ChunkLanes.run([ChunkPass.Lane(rung: rung, purpose: purpose(folder, title))], chunk: chunk, title)[0]
        guard let record = record(outcome) else {
            throw PipelineError(.internalError, label, "the pass left nothing behind")
        }
        return record
    }
}

extension TitleGraph {
    /// Tasks of chunks that are not done, for passes.
    func openChunks(_ start: TaskStart) throws -> [any ChunkTask] {
        try open(start, isGrouped: true).compactMap { $0 as? any ChunkTask }
    }
}

/// The chunks of a rung that have a task of one kind.
enum RungChunks {
    /// Of rungs with one pass, or of those with two.
    static func places(_ plan: AssetPlan, twoPass: Bool) -> [(chunk: Int, rung: Int)] {
        guard plan.picture != nil else { return [] }
        return plan.rungs.indices.filter { isTwoPass(plan, $0) == twoPass }.flatMap { rung in
            (0..<plan.grid.chunkCount).map { ($0, rung) }
        }
    }

    static func isTwoPass(_ plan: AssetPlan, _ rung: Int) -> Bool {
        if case .twoPass = plan.rungs[rung].rung.rateControl { true } else { false }
    }
}

/// One decode of a chunk for several lanes.
enum ChunkLanes {
    private static let dressing = SegmentDressing.cmaf

    /// Carries out a pass; lanes that went over a soft cap run again, coarser.
    static func run(_ lanes: [ChunkPass.Lane], chunk: Int, attempt: Int = 1, _ title: OpenTitle) throws -> [ChunkPass.Outcome] {
        guard !lanes.isEmpty else { return [] }
        guard let index = title.index else {
            throw PipelineError(.internalError, "encode '\(title.plan.id)'", "it was planned without a frame index")
        }
        let frames = Double(max(1, title.plan.grid.frames(ofChunk: chunk).count))
        var done = 0.0
        var outcomes = try title.reading([title.source]) { files in
            try ChunkPass.run(
                source: files[0].path, plan: title.plan, index: index, chunk: chunk, lanes: lanes, dressing: dressing,
                onFrame: {
                    done += 1
                    return title.goesOn(min(1, done / frames))
                }, onProgress: { title.goesOn() })
        }
        guard attempt < SoftCap.attempts else { return outcomes }
        var again: [(place: Int, lane: ChunkPass.Lane)] = []
        for (place, lane) in lanes.enumerated() {
            guard let record = outcomes[place].record,
                let coarser = SoftCap.coarser(than: lane.coarser, record: record, rung: title.plan.rungs[lane.rung].rung)
            else { continue }
            again.append((place, ChunkPass.Lane(rung: lane.rung, purpose: lane.purpose, coarser: coarser)))
        }
        for (next, outcome) in zip(again, try run(again.map(\.lane), chunk: chunk, attempt: attempt + 1, title)) {
            outcomes[next.place] = outcome
        }
        return outcomes
    }
}
