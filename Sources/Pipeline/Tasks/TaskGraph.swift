/// Which task comes next: pure bookkeeping, no threads.
///
/// Longest first, among the tasks of the titles that stand first in the manifest: a batch that is broken off has finished titles to show,
/// not a little of every one. A task so long that it would be the last to end is begun at once, wherever its title stands.
struct TaskGraph {
    private let nodes: [TaskNode]
    /// Dependencies that are not done yet, by node.
    private var waitingFor: [Int]
    private var dependents: [[Int]]
    /// For workers; by title, in each the longest first.
    private var ready: [Int] = []
    private var readyHere: [Int] = []
    private var failed: Set<String> = []
    private(set) var running: Set<Int> = []
    /// Nodes not begun yet, those of failed titles aside.
    private(set) var remaining: Set<Int>
    private var secondsLeft: Double

    /// How many tasks for each worker are looked at to find the longest.
    private static let window = 8

    init(_ nodes: [TaskNode]) {
        self.nodes = nodes
        waitingFor = nodes.map(\.dependencies.count)
        dependents = Array(repeating: [], count: nodes.count)
        for (index, node) in nodes.enumerated() {
            for dependency in node.dependencies { dependents[dependency].append(index) }
        }
        remaining = Set(nodes.indices)
        secondsLeft = nodes.reduce(0) { $0 + $1.seconds }
        for index in nodes.indices.filter({ waitingFor[$0] == 0 }) { release(index) }
    }

    var isFinished: Bool { remaining.isEmpty && running.isEmpty }

    /// The next task for a worker; nil where none is ready, or none fits.
    /// - Parameter fits: whether a task may still be begun (a deadline).
    mutating func takeOrder(workers: Int, fits: (TaskNode) -> Bool = { _ in true }) -> Int? {
        guard let first = ready.firstIndex(where: { fits(nodes[$0]) }) else { return nil }
        var best = first
        for place in first..<min(ready.count, first + Self.window * max(1, workers)) where fits(nodes[ready[place]]) {
            if nodes[ready[place]].seconds > nodes[ready[best]].seconds { best = place }
        }
        if let longest = ready.indices.max(by: { nodes[ready[$0]].seconds < nodes[ready[$1]].seconds }),
            nodes[ready[longest]].seconds * Double(max(1, workers)) >= secondsLeft, fits(nodes[ready[longest]])
        {
            best = longest
        }
        return begin(ready.remove(at: best))
    }

    /// The next task for this process.
    mutating func takeLocal(fits: (TaskNode) -> Bool = { _ in true }) -> Int? {
        readyHere.firstIndex { fits(nodes[$0]) }.map { begin(readyHere.remove(at: $0)) }
    }

    private mutating func begin(_ index: Int) -> Int {
        remaining.remove(index)
        running.insert(index)
        secondsLeft -= nodes[index].seconds
        return index
    }

    mutating func finish(_ index: Int) {
        running.remove(index)
        for dependent in dependents[index] {
            waitingFor[dependent] -= 1
            if waitingFor[dependent] == 0, remaining.contains(dependent) { release(dependent) }
        }
    }

    /// Ends a task that failed, and gives its title's other tasks up.
    /// - Returns: false when the title had failed before.
    mutating func fail(_ index: Int) -> Bool {
        running.remove(index)
        let title = nodes[index].title
        guard failed.insert(title).inserted else { return false }
        ready.removeAll { nodes[$0].title == title }
        readyHere.removeAll { nodes[$0].title == title }
        for index in remaining where nodes[index].title == title {
            remaining.remove(index)
            secondsLeft -= nodes[index].seconds
        }
        return true
    }

    /// True where nothing runs and what is left may not be begun.
    func isStuck(fits: (TaskNode) -> Bool) -> Bool {
        running.isEmpty && !remaining.isEmpty && !(ready + readyHere).contains { fits(nodes[$0]) }
    }

    private mutating func release(_ index: Int) {
        let node = nodes[index]
        switch node.job {
        case .order: break
        case .local, .publish: return readyHere.append(index)
        // Behind another title's upload it would let workers idle.
        case .barrier:
            remaining.remove(index)
            return finish(index)
        }
        func comesBefore(_ other: Int) -> Bool {
            let other = nodes[other]
            return (other.place, -other.seconds) <= (node.place, -node.seconds)
        }
        // Binary search for the first that comes after it.
        var (low, high) = (0, ready.count)
        while low < high {
            let middle = (low + high) / 2
            if comesBefore(ready[middle]) { low = middle + 1 } else { high = middle }
        }
        ready.insert(index, at: low)
    }
}
