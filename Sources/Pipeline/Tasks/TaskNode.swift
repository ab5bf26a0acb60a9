/// One task of a run, with what it waits for. A failed task fails its title; the title's other tasks are not begun any more.
struct TaskNode: Sendable {
    enum Job: Sendable {
        /// For a worker process: whatever touches a source.
        case order(TaskOrder)
        /// In this process, on a thread of its own: what is quick.
        case local(@Sendable () throws -> Void)
        /// There too, on one of the few threads that wait for the store: brings a package into the store and the catalog.
        case publish(@Sendable () throws -> Void)
        /// There too: takes results over from what is published.
        case restore(@Sendable () throws -> Void)
        /// Does no work; joins many dependencies into one.
        case barrier
    }

    /// A title's id.
    var title: String
    /// The title's place in the manifest: what stands first is made first.
    var place: Int
    /// CPU seconds that it should take; wall seconds where it reads a source or publishes.
    var seconds: Double
    /// Indices of nodes that must be done before.
    var dependencies: [Int]
    var job: Job

    init(title: String, place: Int, seconds: Double = 0, after dependencies: [Int] = [], _ job: Job) {
        self.title = title
        self.place = place
        self.seconds = seconds
        self.dependencies = dependencies
        self.job = job
    }

    var order: TaskOrder? {
        if case .order(let order) = job { order } else { nil }
    }

    /// Whether it waits for the store.
    var isForStore: Bool {
        switch job {
        case .publish, .restore: true
        case .order, .local, .barrier: false
        }
    }

    /// What it takes of a worker's time.
    var workerSeconds: Double { order == nil ? 0 : seconds }

    /// What tasks are timed by; nil for those that take no time to speak of.
    var kind: TaskKind? {
        switch job {
        case .order(let order): order.work
        case .publish: .publish
        case .restore: .restore
        case .local, .barrier: nil
        }
    }
}
