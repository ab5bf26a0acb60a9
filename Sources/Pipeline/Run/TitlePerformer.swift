import Engine
import MediaModel

/// Carries the tasks of titles out that need no worker: takes over what is published, and publishes.
struct TitlePerformer: TaskPerforming, Sendable {
    private let titles: [String: TitleWork]
    private let publish: @Sendable (TitleWork) throws -> Void

    init(_ titles: [TitleWork], publish: @escaping @Sendable (TitleWork) throws -> Void) {
        self.titles = Dictionary(titles.map { ($0.plan.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.publish = publish
    }

    func perform(_ task: any EngineTask, onProgress: (Double?) -> Void) throws {
        switch task {
        case let task as PublishTask: try publish(try title(task.title, task))
        case let task as RestoreTask:
            let graph = try title(task.title, task).graph
            try graph.published.restore(task.keys.map(TaskKey.init(name:)), to: graph.store)
        default: throw PipelineError(.internalError, task.label, "this process does not know how")
        }
    }

    private func title(_ id: String, _ task: any EngineTask) throws -> TitleWork {
        guard let title = titles[id] else { throw PipelineError(.internalError, task.label, "its title is not of this batch") }
        return title
    }
}
