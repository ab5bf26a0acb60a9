import Engine
import Formats
import MediaModel

/// Carries tasks out, in a worker: reads the plan, does the work, and leaves the result under its key.
final class TaskPerformer: TaskPerforming {
    let probes: Probes
    private let work: WorkFolder
    private let kinds: [any TitleTask.Type]
    /// The plan of the last task: the next one is mostly of the same title.
    private var open: (name: String, title: OpenTitle)?

    init(work: WorkFolder, kinds: [any TitleTask.Type] = TitleGraph.kinds) throws {
        self.work = work
        self.kinds = kinds
        probes = try Probes(work: work)
    }

    /// - Parameter onProgress: told often: with the share of the task that is done, 0 to 1, or with nil where it only goes on.
    func perform(_ task: any EngineTask, onProgress: (Double?) -> Void) throws {
        guard let task = task as? any WorkerTask else {
            throw PipelineError(.internalError, task.label, "no worker knows how")
        }
        try withoutActuallyEscaping(onProgress) { onProgress in
            defer { open?.title.onProgress = { _ in } }
            try task.perform(by: self, onProgress: onProgress)
        }
    }

    /// The title of a plan that `WorkFolder.writePlan` left.
    func title(_ name: String, _ onProgress: @escaping (Double?) -> Void) throws -> OpenTitle {
        if open?.name != name {
            let file = try work.plan(name)
            let graph = TitleGraph(file.plan, in: work.artefacts, kinds: kinds)
            let title = try OpenTitle(file, graph, probes.stamps) { path in
                // Known, mostly; what has gone from the work folder meanwhile is read again, which may take long.
                try probes.probe(path, program: file.plan.source.chosenProgram) { onProgress(nil) }
            }
            open = (name, title)
        }
        guard let title = open?.title else { throw PipelineError(.internalError, "open the plan '\(name)'", "") }
        title.onProgress = onProgress
        return title
    }
}
