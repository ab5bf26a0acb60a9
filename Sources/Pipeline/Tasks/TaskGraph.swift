/// Which task comes next: pure bookkeeping, no threads.
///
/// Titles are finished in the manifest's order: the tasks of the title that stands first come first, in each title the longest first. So
/// what
/// is left of a title whose pictures are encoded goes before any other title's encode, and a batch that is broken off has finished titles
/// to
/// show, not a little of every one. Only at the end of the batch the longest encodes come first, wherever their titles stand, and a task so
/// long that it would be the last to end is begun at once: no worker waits for another one's last task.
struct TaskGraph {
    private let nodes: [TaskNode]
    /// Dependencies that are not done yet, by node.
    private var waitingFor: [Int]
    private var dependents: [[Int]]
    /// For workers; by title, in each the longest first.
    private var ready: [Int] = []
    private var readyHere: [Int] = []
    private var readyForStore: [Int] = []
    private var failed: Set<String> = []
    private(set) var running: Set<Int> = []
    /// Nodes not begun yet, those of failed titles aside.
    private(set) var remaining: Set<Int>
    private var secondsLeft: Double
    /// Encodes of each title that have not ended.
    private var encodes: [Int: Int] = [:]
    /// No task of a worker takes longer.
    private let longest: Double

    /// The batch ends where so many rounds of its longest task are left.
    static let rounds = 2.0

    init(_ nodes: [TaskNode]) {
        self.nodes = nodes
        waitingFor = nodes.map(\.dependencies.count)
        dependents = Array(repeating: [], count: nodes.count)
        for (index, node) in nodes.enumerated() {
            for dependency in node.dependencies { dependents[dependency].append(index) }
        }
        remaining = Set(nodes.indices)
        secondsLeft = nodes.reduce(0) { $0 + $1.workerSeconds }
        longest = nodes.reduce(0) { max($0, $1.workerSeconds) }
        for node in nodes where node.kind == .encode { encodes[node.place, default: 0] += 1 }
        for index in nodes.indices.filter({ waitingFor[$0] == 0 }) { release(index) }
    }

    var isFinished: Bool { remaining.isEmpty && running.isEmpty }

    /// The next task for a worker; nil where none is ready, or none fits.
    /// - Parameter fits: whether a task may still be begun (a deadline).
    mutating func takeOrder(workers: Int, fits: (TaskNode) -> Bool = { _ in true }) -> Int? {
        guard let first = ready.firstIndex(where: { fits(nodes[$0]) }) else { return nil }
        let workers = Double(max(1, workers))
        var next = first
        if longest * workers * Self.rounds >= secondsLeft {
            let candidates = ready.indices[first...].filter { fits(nodes[ready[$0]]) }
            // Of equal ones the first.
            let last = candidates.max { (seconds($0), -$0) < (seconds($1), -$1) } ?? first
            let share = seconds(last) * workers
            let isEncoded = encodes[nodes[ready[first]].place, default: 0] == 0
            if share >= secondsLeft || (share * Self.rounds >= secondsLeft && !isEncoded) { next = last }
        }
        return begin(ready.remove(at: next))
    }

    private func seconds(_ place: Int) -> Double { nodes[ready[place]].seconds }

    /// The next task for this process, but for what waits for the store: the first title's.
    mutating func takeLocal(fits: (TaskNode) -> Bool = { _ in true }) -> Int? {
        place(of: readyHere, fits).map { begin(readyHere.remove(at: $0)) }
    }

    /// The next task that waits for the store: the first title's.
    mutating func takeForStore(fits: (TaskNode) -> Bool = { _ in true }) -> Int? {
        place(of: readyForStore, fits).map { begin(readyForStore.remove(at: $0)) }
    }

    private func place(of list: [Int], _ fits: (TaskNode) -> Bool) -> Int? {
        list.indices.filter { fits(nodes[list[$0]]) }.min { nodes[list[$0]].place < nodes[list[$1]].place }
    }

    private mutating func begin(_ index: Int) -> Int {
        remaining.remove(index)
        running.insert(index)
        secondsLeft -= nodes[index].workerSeconds
        return index
    }

    mutating func finish(_ index: Int) {
        running.remove(index)
        if nodes[index].kind == .encode { encodes[nodes[index].place, default: 1] -= 1 }
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
        readyForStore.removeAll { nodes[$0].title == title }
        for index in remaining where nodes[index].title == title {
            remaining.remove(index)
            secondsLeft -= nodes[index].workerSeconds
        }
        return true
    }

    /// True where nothing runs and what is left may not be begun.
    func isStuck(fits: (TaskNode) -> Bool) -> Bool {
        running.isEmpty && !remaining.isEmpty && !(ready + readyHere + readyForStore).contains { fits(nodes[$0]) }
    }

    private mutating func release(_ index: Int) {
        let node = nodes[index]
        switch node.job {
        case .order: break
        case .local: return readyHere.append(index)
        case .publish, .restore: return readyForStore.append(index)
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
