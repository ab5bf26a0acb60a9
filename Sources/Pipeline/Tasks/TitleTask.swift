import Engine

/// A task of a title, as people follow it.
protocol TitleTask: EngineTask {
    /// Of the title's way, while it runs.
    var stage: TitleStage { get }
    /// It reads results of other tasks, and so may fail because one of them is damaged.
    var readsResults: Bool { get }
}

extension TitleTask {
    var readsResults: Bool { false }
}
