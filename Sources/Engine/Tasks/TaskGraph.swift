/// Which task comes next: pure bookkeeping, no threads. It may grow while its tasks run.
///
/// Groups are finished in the order of their ranks: the tasks of the group of the lowest rank come first, in each group the longest first.
/// So what is left of a group whose main work is done goes before any other group's main work, and a batch that is broken off has finished
/// groups to show, not a little of every one. Only at the end of the batch the longest main work comes first, whatever its group's rank,
/// and a task so long that it would be the last to end is begun at once: no worker waits for another one's last task.
package struct TaskGraph {
    private var nodes: [TaskNode] = []
    private var places: [TaskNode.ID: Int] = [:]
    /// Dependencies that are not done yet, by node.
    private var waitingFor: [Int] = []
    private var dependents: [[Int]] = []
    /// For workers, by rank, in each group the longest first.
    private var ready: [Int] = []
    /// For the other sites.
    private var readyBeside: [TaskSite: [Int]] = [:]
    private var done: Set<Int> = []
    private var failed: Set<String> = []
    private var running: Set<Int> = []
    /// Nodes not begun yet, those of failed groups aside.
    private var remaining: Set<Int> = []
    private var secondsLeft = 0.0
    /// Tasks of each rank's main work that have not ended.
    private var mainWork: [Int: Int] = [:]
    /// No task of a worker takes longer.
    private var longest = 0.0

    /// The batch ends where so many rounds of its longest task are left.
    package static let rounds = 2.0

    package init(_ nodes: [TaskNode] = []) { add(nodes) }

    package var isFinished: Bool { remaining.isEmpty && running.isEmpty }

    /// Groups with tasks that were not begun.
    package var remainingGroups: Set<String> { Set(remaining.map { nodes[$0].group }) }

    package func hasFailed(_ group: String) -> Bool { failed.contains(group) }

    // MARK: Growth

    /// Adds tasks, each after those that it waits for. Those of a group that has failed are not taken.
    package mutating func add(_ new: [TaskNode]) {
        var open: [Int] = []
        for node in new where !failed.contains(node.group) {
            let index = nodes.count
            nodes.append(node)
            places[node.id] = index
            dependents.append([])
            let waits = node.dependencies.map { dependency in
                guard let place = places[dependency] else { preconditionFailure("a task waits for one that stands after it") }
                return place
            }.filter { !done.contains($0) }
            for dependency in waits { dependents[dependency].append(index) }
            waitingFor.append(waits.count)
            remaining.insert(index)
            secondsLeft += node.workerSeconds
            longest = max(longest, node.workerSeconds)
            if node.task?.isMainWork == true { mainWork[node.rank, default: 0] += 1 }
            if waits.isEmpty { open.append(index) }
        }
        for index in open { release(index) }
    }

    // MARK: Beginning

    /// The next task for a site; nil where none is ready, or none fits.
    /// - Parameters:
    ///   - workers: that share the tasks of `worker`.
    ///   - fits: whether a task may still be begun (a deadline).
    package mutating func take(_ site: TaskSite, workers: Int = 1, fits: (TaskNode) -> Bool = { _ in true }) -> TaskNode? {
        guard site != .worker else { return takeForWorker(workers: Double(max(1, workers)), fits: fits) }
        let list = readyBeside[site] ?? []
        guard let place = list.indices.filter({ fits(nodes[list[$0]]) }).min(by: { nodes[list[$0]].rank < nodes[list[$1]].rank }) else {
            return nil
        }
        readyBeside[site]?.remove(at: place)
        return begin(list[place])
    }

    private mutating func takeForWorker(workers: Double, fits: (TaskNode) -> Bool) -> TaskNode? {
        guard let first = ready.firstIndex(where: { fits(nodes[$0]) }) else { return nil }
        var next = first
        if longest * workers * Self.rounds >= secondsLeft {
            let candidates = ready.indices[first...].filter { fits(nodes[ready[$0]]) }
            // Of equal ones the first.
            let last = candidates.max { (seconds($0), -$0) < (seconds($1), -$1) } ?? first
            let share = seconds(last) * workers
            let isMainWorkDone = mainWork[nodes[ready[first]].rank, default: 0] == 0
            if share >= secondsLeft || (share * Self.rounds >= secondsLeft && !isMainWorkDone) { next = last }
        }
        return begin(ready.remove(at: next))
    }

    private func seconds(_ place: Int) -> Double { nodes[ready[place]].seconds }

    private mutating func begin(_ index: Int) -> TaskNode {
        remaining.remove(index)
        running.insert(index)
        secondsLeft -= nodes[index].workerSeconds
        return nodes[index]
    }

    /// True where nothing runs and what is left may not be begun.
    package func isStuck(fits: (TaskNode) -> Bool) -> Bool {
        running.isEmpty && !remaining.isEmpty && !(ready + readyBeside.values.joined()).contains { fits(nodes[$0]) }
    }

    // MARK: Ending

    /// Ends a task that is done.
    /// - Parameter found: tasks that it led to: whoever waits for it waits for them too.
    package mutating func finish(_ id: TaskNode.ID, adding found: [TaskNode] = []) {
        guard let index = places[id] else { return }
        let waiting = dependents[index].filter(remaining.contains)
        let first = nodes.count
        add(found)
        for dependent in waiting {
            for index in first..<nodes.count where !done.contains(index) {
                dependents[index].append(dependent)
                waitingFor[dependent] += 1
            }
        }
        running.remove(index)
        settle(index)
    }

    private mutating func settle(_ index: Int) {
        done.insert(index)
        if nodes[index].task?.isMainWork == true { mainWork[nodes[index].rank, default: 1] -= 1 }
        for dependent in dependents[index] {
            waitingFor[dependent] -= 1
            if waitingFor[dependent] == 0, remaining.contains(dependent) { release(dependent) }
        }
    }

    /// Ends a task that failed, and gives its group's other tasks up.
    /// - Returns: false when the group had failed before.
    package mutating func fail(_ id: TaskNode.ID) -> Bool {
        guard let index = places[id] else { return false }
        running.remove(index)
        let group = nodes[index].group
        guard failed.insert(group).inserted else { return false }
        ready.removeAll { nodes[$0].group == group }
        for site in readyBeside.keys { readyBeside[site]?.removeAll { nodes[$0].group == group } }
        for index in remaining where nodes[index].group == group {
            remaining.remove(index)
            secondsLeft -= nodes[index].workerSeconds
        }
        return true
    }

    private mutating func release(_ index: Int) {
        let node = nodes[index]
        guard let site = node.site else {
            // A join: behind another group's transfer it would let workers idle.
            remaining.remove(index)
            return settle(index)
        }
        guard site == .worker else { return readyBeside[site, default: []].append(index) }
        func comesBefore(_ other: Int) -> Bool {
            let other = nodes[other]
            return (other.rank, -other.seconds) <= (node.rank, -node.seconds)
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
