import Engine
import MediaModel
import Planning
import Transcoding

/// The first of two passes over one rung of one chunk: what the chunk costs at a constant quality, and statistics for the second pass.
struct MeasureTask: ChunkTask {
    static let kind = "measure"

    struct Record: Codable, Sendable {
        /// Bytes that the chunk costs at a constant quality.
        var codedBytes: Int
    }

    var chunk: Int
    var rung: Int
    var inputs: ChunkInputs

    static func all(of title: TitleGraph) -> [MeasureTask] {
        RungChunks.places(title.plan, twoPass: true).map { chunk, rung in
            MeasureTask(chunk: chunk, rung: rung, inputs: ChunkInputs(title.plan, chunk: chunk, rung: rung))
        }
    }

    /// What it has found outlasts its statistics, which nobody needs once the second pass is done.
    func isDone(as key: TaskKey, in title: TitleGraph) throws -> Bool {
        guard isHeld(as: key, in: title.store) else { return false }
        guard !title.store.hasFile(Self.statistics, in: key) else { return true }
        return try title.tasks(SecondPassTask.self).contains {
            $0.task.chunk == chunk && $0.task.rung == rung && $0.task.isDone(as: $0.key, in: title)
        }
    }

    static let statistics = "statistics"

    func secondsPerFrame(_ costs: TaskCosts) -> Double { costs.measures[rung] }
    func purpose(_ folder: String, _ title: OpenTitle) -> ChunkPass.Purpose { .measure(statistics: "\(folder)/\(Self.statistics)") }
    func record(_ outcome: ChunkPass.Outcome) -> Record? { Record(codedBytes: outcome.codedBytes) }

    /// Takes what published versions tell of first passes for results, so that shares of the title's bits are known.
    static func takeOver(in title: TitleGraph) throws {
        let measures = Dictionary(grouping: try title.tasks(self), by: \.task.rung)
        for (rung, measures) in measures {
            let known = measures.map { title.record(of: $0)?.codedBytes }
            guard known.contains(nil) else { continue }
            let costs = zip(measures, known).compactMap { $1 ?? title.published.codedBytes($0.key) }
            guard costs.count == measures.count else { continue }
            // Right are those that lead to the very chunks that were published: a flipped bit in one would share out the bits anew.
            let seconds = SecondPassTask.all(title.plan, rung: rung, costs: costs)
            guard try seconds.allSatisfy({ title.published.lists(try $0.key()) }) else { continue }
            for (place, measure) in measures.enumerated() where known[place] == nil {
                let folder = try title.store.begin()
                defer { title.store.discard(folder) }
                try title.store.commit(folder, as: measure.key, record: Record(codedBytes: costs[place]))
            }
        }
    }
}
