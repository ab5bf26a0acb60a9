import Synchronization

/// One task of a graph, with what it waits for. A failed task fails its group; the group's other tasks are not begun any more.
package struct TaskNode: Sendable, Identifiable {
    /// Names a node within this process; it shapes no result.
    package struct ID: Hashable, Sendable {
        private static let last = Atomic<Int>(0)
        private let number: Int

        init() { number = Self.last.wrappingAdd(1, ordering: .relaxed).newValue }
    }

    package let id = ID()
    /// Tasks of one name succeed or fail together.
    package var group: String
    /// Groups are finished in the order of their ranks, the lowest first.
    package var rank: Int
    /// CPU seconds that it should take; wall seconds where it mostly waits.
    package var seconds: Double
    /// Nodes that must be done before: in the graph already, or before this one in the list that is added.
    package var dependencies: [ID]
    /// nil: does no work, but joins many dependencies into one.
    package var task: (any EngineTask)?

    package init(group: String, rank: Int, seconds: Double = 0, after dependencies: [ID] = [], _ task: (any EngineTask)?) {
        self.group = group
        self.rank = rank
        self.seconds = seconds
        self.dependencies = dependencies
        self.task = task
    }

    package var site: TaskSite? { task?.site }

    /// What it takes of a worker's time.
    package var workerSeconds: Double { site == .worker ? seconds : 0 }
}
