import Engine
import Transcoding

/// One decode of a chunk for some of its rungs: how the scheduler groups tasks of chunks. Rungs with one pass are encoded, and those with
/// two measured; or, when all is measured, those with two are encoded.
struct EncodePass: WorkerTask {
    static let kind = "encode"

    /// Names a file that `WorkFolder.writePlan` left.
    var plan: String
    var chunk: Int
    /// Indices in the plan.
    var rungs: [Int]
    var isSecond: Bool

    var stage: TitleStage { .encoding }
    var label: String { "encode chunk \(chunk + 1)" }
    /// Passes over the same chunk differ in their rungs.
    var name: String { "\(label), rungs \(rungs.map { "\($0 + 1)" }.joined(separator: " "))\(isSecond ? ", second pass" : "")" }
    var isMainWork: Bool { true }
    var readsResults: Bool { isSecond }

    func perform(by performer: TaskPerformer, onProgress: @escaping (Double?) -> Void) throws {
        let title = try performer.title(plan, onProgress)
        var lanes: [any OpenLane] = []
        defer { for lane in lanes { title.store.discard(lane.folder) } }
        if isSecond {
            for known in try title.graph.tasks(SecondPassTask.self) where isHere(known) { lanes.append(try Lane(known, title)) }
            guard Set(lanes.map(\.lane.rung)) == Set(rungs) else {
                throw PipelineError(.internalError, label, "a first pass of it should be in the work folder and is not; run again")
            }
        } else {
            for known in try title.graph.tasks(EncodeTask.self) where isHere(known) { lanes.append(try Lane(known, title)) }
            for known in try title.graph.tasks(MeasureTask.self) where isHere(known) {
                guard try !known.task.isDone(as: known.key, in: title.graph) else { continue }
                // What published versions told of it is of no use without its statistics.
                try title.store.drop(known.key)
                lanes.append(try Lane(known, title))
            }
        }
        let open = lanes.filter { !$0.isDone }
        for (lane, outcome) in zip(open, try ChunkLanes.run(open.map(\.lane), chunk: chunk, title)) { try lane.keep(outcome, title) }
    }

    private func isHere<Task: ChunkTask>(_ known: KnownTask<Task>) -> Bool { known.task.chunk == chunk && rungs.contains(known.task.rung) }
}

/// A task's part of a pass, with the folder that its result comes into being in.
private protocol OpenLane {
    var lane: ChunkPass.Lane { get }
    var folder: String { get }
    var isDone: Bool { get }
    func keep(_ outcome: ChunkPass.Outcome, _ title: OpenTitle) throws
}

private struct Lane<Task: ChunkTask>: OpenLane {
    let known: KnownTask<Task>
    let lane: ChunkPass.Lane
    let folder: String
    let isDone: Bool

    init(_ known: KnownTask<Task>, _ title: OpenTitle) throws {
        self.known = known
        isDone = known.task.isHeld(as: known.key, in: title.store)
        folder = try title.store.begin()
        lane = ChunkPass.Lane(rung: known.task.rung, purpose: isDone ? .encode(folder: folder) : try known.task.purpose(folder, title))
    }

    func keep(_ outcome: ChunkPass.Outcome, _ title: OpenTitle) throws {
        guard let record = known.task.record(outcome) else { return }
        try title.store.commit(folder, as: known.key, record: record)
    }
}
