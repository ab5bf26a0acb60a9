import Engine
import MediaModel
import Transcoding

/// A title as its tasks find it, where they are carried out: its plan, its files and its results.
final class OpenTitle {
    let graph: TitleGraph
    /// nil without a picture.
    let index: FrameIndex?
    private let inputs: InputLocations
    private let stamps: FileStamps
    /// Told often: with the share of the task that is done, 0 to 1, or with nil where it only goes on.
    var onProgress: (Double?) -> Void = { _ in }

    var plan: AssetPlan { graph.plan }
    var store: any ArtefactStore { graph.store }
    var source: ContentHash { ContentHash(plan.source.fingerprint) }

    /// - Parameter probe: reads what the source is, if nobody has.
    /// - Throws: where the source is not the planned one any more.
    init(
        _ file: PlanFile, _ graph: TitleGraph, _ stamps: FileStamps, probe: (_ path: String) throws -> SourceInspector.Findings
    ) throws {
        self.graph = graph
        self.stamps = stamps
        inputs = file.inputs
        let source = try file.inputs.file(ContentHash(file.plan.source.fingerprint), of: file.plan)
        let found = try InputLabels.naming([source]) { try probe(source.path) }
        guard found.source.fingerprint == file.plan.source.fingerprint else { throw Self.changed(source) }
        index = found.index
    }

    private static func changed(_ file: InputFile) -> PipelineError {
        PipelineError(.title, "read '\(file.label)'", "it changed while the run was going; run again")
    }

    /// Says that the work goes on, and lets it.
    func goesOn(_ share: Double? = nil) -> Bool {
        onProgress(share)
        return true
    }

    /// Makes a task's result, unless it is there.
    func make<Task: TitleTask>(_ task: Task) throws {
        let key = try task.key()
        guard !task.isHeld(as: key, in: store) else { return }
        let folder = try store.begin()
        defer { store.discard(folder) }
        try store.commit(folder, as: key, record: try task.make(into: folder, self))
    }

    /// Works with files that have to be the planned ones from beginning to end: whatever came of others, good or bad, is not this title's,
    /// and would lie under the key of what was planned for ever.
    func reading<Value>(_ contents: [ContentHash], _ body: (_ files: [InputFile]) throws -> Value) throws -> Value {
        let files = try contents.map { try inputs.file($0, of: plan) }
        return try InputLabels.naming(files) {
            let found = try zip(files, contents).map { file, content in
                let stamp = try stamps.content(file.path) { onProgress(nil) }
                guard stamp.sha256 == content.sha256 else { throw Self.changed(file) }
                return stamp
            }
            onProgress(nil)
            let outcome = Result { try body(files) }
            onProgress(nil)
            for (file, stamp) in zip(files, found) where !stamps.isUnchanged(stamp, onProgress: { onProgress(nil) }) {
                throw Self.changed(file)
            }
            return try outcome.get()
        }
    }
}
