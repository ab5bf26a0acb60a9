import Engine

/// A task of a title, as people follow it.
protocol TitleStep: EngineTask {
    /// What people are told that the title is at while it runs.
    var stage: TitleStage { get }
    /// It reads other tasks' results: where it fails, one of them may be damaged.
    var readsResults: Bool { get }
}

extension TitleStep {
    var readsResults: Bool { false }
}

/// A task that a worker carries out.
protocol WorkerTask: TitleStep {
    /// - Parameter onProgress: told often: with the share of the task that is done, 0 to 1, or with nil where it only goes on.
    func perform(by performer: TaskPerformer, onProgress: @escaping (Double?) -> Void) throws
}

extension WorkerTask {
    var site: TaskSite { .worker }
}

/// One task of a title, as a worker is handed it.
struct Make<Task: TitleTask>: WorkerTask {
    static var kind: String { Task.kind }

    /// Names a file that `WorkFolder.writePlan` left.
    var plan: String
    var task: Task

    var label: String { task.label }
    var stage: TitleStage { Task.stage }
    var readsResults: Bool { Task.start == .last || Task.start == .afterMeasures }

    func perform(by performer: TaskPerformer, onProgress: @escaping (Double?) -> Void) throws {
        try performer.title(plan, onProgress).make(task)
    }
}

extension TitleTask {
    /// As a worker is handed it.
    func order(plan: String) -> any EngineTask { Make(plan: plan, task: self) }

    static var orderType: any EngineTask.Type { Make<Self>.self }
}
