import MediaModel
import Planning
import Transcoding

/// One rung of one chunk, encoded in a single pass.
struct EncodeTask: ChunkTask {
    static let kind = "encode"

    typealias Record = MediaRecord

    var chunk: Int
    var rung: Int
    var inputs: ChunkInputs

    static func all(of title: TitleGraph) -> [EncodeTask] {
        RungChunks.places(title.plan, twoPass: false).map { chunk, rung in
            EncodeTask(chunk: chunk, rung: rung, inputs: ChunkInputs(title.plan, chunk: chunk, rung: rung))
        }
    }

    func secondsPerFrame(_ costs: TaskCosts) -> Double { costs.rungs[rung] }
    func purpose(_ folder: String, _ title: OpenTitle) -> ChunkPass.Purpose { .encode(folder: folder) }
    func record(_ outcome: ChunkPass.Outcome) -> MediaRecord? { outcome.record }
}
