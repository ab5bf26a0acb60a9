import Engine

/// A task of tests, told apart by its number.
struct Step: EngineTask {
    static let kind = "step"

    var number: Int
    var site = TaskSite.worker
    var isMainWork = false
    var hangTimeout: Double?

    var label: String { "take step \(number)" }
}

extension TaskNode {
    init(_ group: String, _ rank: Int, seconds: Double = 0, after: [TaskNode] = [], _ step: Step) {
        self.init(group: group, rank: rank, seconds: seconds, after: after.map(\.id), step)
    }

    var number: Int { (task as? Step)?.number ?? -1 }
}

/// A graph as a test asks it: by the numbers of its steps.
final class StepGraph {
    private var graph: TaskGraph

    init(_ nodes: [TaskNode]) { graph = TaskGraph(nodes) }

    var isFinished: Bool { graph.isFinished }
    var remainingGroups: Set<String> { graph.remainingGroups }

    func node(_ site: TaskSite = .worker, workers: Int = 1, fits: (TaskNode) -> Bool = { _ in true }) -> TaskNode? {
        graph.take(site, workers: workers, fits: fits)
    }

    func take(_ site: TaskSite = .worker, workers: Int = 1, fits: (TaskNode) -> Bool = { _ in true }) -> Int? {
        node(site, workers: workers, fits: fits)?.number
    }

    func finish(_ node: TaskNode, adding found: [TaskNode] = []) { graph.finish(node.id, adding: found) }
    func fail(_ node: TaskNode) -> Bool { graph.fail(node.id) }
    func isStuck(fits: (TaskNode) -> Bool) -> Bool { graph.isStuck(fits: fits) }
}
