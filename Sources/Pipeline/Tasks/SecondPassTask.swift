import Engine
import MediaModel
import Planning
import Transcoding

/// The second of two passes over one rung of one chunk, at the chunk's share of the title's bits, which all first passes of the rung
/// decide.
struct SecondPassTask: ChunkTask {
    static let kind = "second-pass"
    static let start = TaskStart.afterMeasures

    struct Inputs: Codable, Hashable, Sendable {
        var chunk: ChunkInputs
        /// Bits per second.
        var bitRate: Int
    }

    typealias Record = MediaRecord

    var chunk: Int
    var rung: Int
    var inputs: Inputs

    /// Those of rungs whose first passes are all done.
    static func all(of title: TitleGraph) throws -> [SecondPassTask] {
        let measures = Dictionary(grouping: try title.tasks(MeasureTask.self), by: \.task.rung)
        return measures.sorted { $0.key < $1.key }.flatMap { rung, measures -> [SecondPassTask] in
            let costs = measures.compactMap { title.record(of: $0)?.codedBytes }
            return costs.count == measures.count ? all(title.plan, rung: rung, costs: costs) : []
        }
    }

    /// - Parameter costs: bytes of each chunk at a constant quality.
    static func all(_ plan: AssetPlan, rung: Int, costs: [Int]) -> [SecondPassTask] {
        guard case .twoPass(let bitRate, let cap) = plan.rungs[rung].rung.rateControl else { return [] }
        let frames = costs.indices.map { plan.grid.frames(ofChunk: $0).count }
        return BitShares.bitRates(bitRate, cap: cap.maxRate, costs: costs, frames: frames).enumerated().map { chunk, bitRate in
            let inputs = Inputs(chunk: ChunkInputs(plan, chunk: chunk, rung: rung), bitRate: bitRate)
            return SecondPassTask(chunk: chunk, rung: rung, inputs: inputs)
        }
    }

    static func count(of title: TitleGraph) -> Int { RungChunks.places(title.plan, twoPass: true).count }

    func secondsPerFrame(_ costs: TaskCosts) -> Double { costs.rungs[rung] }

    func purpose(_ folder: String, _ title: OpenTitle) throws -> ChunkPass.Purpose {
        guard let measure = try title.graph.tasks(MeasureTask.self).first(where: { $0.task.chunk == chunk && $0.task.rung == rung })?.key
        else { throw PipelineError(.internalError, label, "it has no first pass") }
        // An encoder that reads other statistics says nothing, and gives another picture.
        guard !title.store.isDamaged(measure) else {
            throw PipelineError(.title, label, "what its first pass has left in the work folder is damaged")
        }
        let statistics = "\(try title.store.folder(measure))/\(MeasureTask.statistics)"
        return .encodeMeasured(folder: folder, statistics: statistics, bitRate: inputs.bitRate)
    }

    func record(_ outcome: ChunkPass.Outcome) -> MediaRecord? { outcome.record }
}

extension TitleGraph {
    /// Whether second passes are to be done of which nothing can be told before first passes are.
    func lacksMeasures() throws -> Bool { try tasks(SecondPassTask.self).count < SecondPassTask.count(of: self) }
}
