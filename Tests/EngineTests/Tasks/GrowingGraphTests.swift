import Testing

@testable import Engine

/// Tasks that are added while others run keep every rule of the graph.
@Suite struct GrowingGraphTests {
    @Test func whoWaitsForATaskWaitsForWhatItLedTo() {
        let trial = TaskNode("film", 0, seconds: 1, Step(number: 0))
        let package = TaskNode("film", 0, after: [trial], Step(number: 9, site: .process))
        let graph = StepGraph([trial, package])
        _ = graph.take()
        let encodes = (1...2).map { TaskNode("film", 0, seconds: 1, Step(number: $0)) }
        graph.finish(trial, adding: encodes)
        #expect(graph.take(.process) == nil)
        for _ in encodes {
            guard let next = graph.node() else { break }
            // What was added may lead to more.
            let more = next.number == 2 ? [TaskNode("film", 0, seconds: 1, Step(number: 3))] : []
            graph.finish(next, adding: more)
        }
        #expect(graph.take(.process) == nil, "one was added last")
        if let last = graph.node() { graph.finish(last) }
        #expect(graph.take(.process) == 9)
    }

    @Test func whatIsAddedMayWaitForWhatIsDoneAndWhatIsNot() {
        let (first, second) = (TaskNode("a", 0, seconds: 2, Step(number: 0)), TaskNode("a", 0, seconds: 1, Step(number: 1)))
        let graph = StepGraph([first, second])
        _ = [graph.take(), graph.take()]
        graph.finish(first, adding: [TaskNode("a", 0, after: [first, second], Step(number: 2))])
        #expect(graph.take() == nil)
        graph.finish(second)
        #expect(graph.take() == 2)
    }

    /// The rest of a group whose main work is done goes before another group's main work, also where it was found late.
    @Test func whatIsAddedToAGroupGoesBeforeOtherGroups() {
        let first = TaskNode("a", 0, seconds: 9, Step(number: 0, isMainWork: true))
        let others = (1...6).map { TaskNode("b", 1, seconds: 9, Step(number: $0, isMainWork: true)) }
        let graph = StepGraph([first] + others)
        #expect(graph.take() == 0)
        graph.finish(first, adding: [TaskNode("a", 0, seconds: 1, Step(number: 100)), TaskNode("a", 0, seconds: 2, Step(number: 101))])
        #expect(graph.take() == 101)
        #expect(graph.take() == 100)
        #expect(graph.take() == 1)
    }

    /// A task that was added and would end last is begun at once.
    @Test func whatIsAddedCountsForTheEndOfTheBatch() {
        let short = (0..<20).map { TaskNode("a", 0, seconds: 1, Step(number: $0)) }
        let seed = TaskNode("z", 1, seconds: 30, Step(number: 50))
        let graph = StepGraph(short + [seed])
        #expect(graph.take(workers: 2) == 50)
        graph.finish(seed, adding: [TaskNode("z", 1, seconds: 40, Step(number: 51))])
        #expect(graph.take(workers: 2) == 51)
    }

    @Test func nothingIsAddedToAGroupThatHasFailed() {
        let nodes = (0..<2).map { TaskNode("a", 0, seconds: 1, Step(number: $0)) }
        let graph = StepGraph(nodes)
        _ = [graph.take(), graph.take()]
        _ = graph.fail(nodes[0])
        graph.finish(nodes[1], adding: [TaskNode("a", 0, seconds: 1, Step(number: 2))])
        #expect(graph.take() == nil)
        #expect(graph.isFinished)
    }

    @Test func whatIsAddedAndDoesNotFitIsPostponed() {
        let seed = TaskNode("a", 0, seconds: 1, Step(number: 0))
        let graph = StepGraph([seed, TaskNode("b", 1, seconds: 1, Step(number: 1))])
        let fits: (TaskNode) -> Bool = { $0.seconds < 10 }
        _ = graph.take(fits: fits)
        graph.finish(seed, adding: [TaskNode("a", 0, seconds: 100, Step(number: 2))])
        guard let other = graph.node(fits: fits) else { return #expect(Bool(false), "the other group's task fits") }
        #expect(other.number == 1)
        graph.finish(other)
        #expect(graph.isStuck(fits: fits) && graph.remainingGroups == ["a"])
    }

    /// Random graphs that grow at random, with failures: every task of a group without a failure is done exactly once, none before what it
    /// waits for or what that led to, and none of a group is begun after its failure.
    @Test(arguments: 0..<60)
    func randomGraphs(seed: UInt64) {
        var dice = Dice(seed: seed)
        var night = RandomNight()
        for group in 0..<Int.random(in: 1...5, using: &dice) {
            night.add(
                (0..<Int.random(in: 1...8, using: &dice)).map { _ in Plan(group: group, waits: Int.random(in: 0...2, using: &dice)) }, &dice
            )
        }
        night.run(&dice)
        night.demandOrder()
    }
}

/// A task to be made up.
private struct Plan {
    var group: Int
    var waits: Int
}

/// A batch whose tasks lead to others by chance.
private struct RandomNight {
    private var graph = TaskGraph()
    private var nodes: [TaskNode.ID: TaskNode] = [:]
    /// Nodes by the one that led to them.
    private var ledTo: [TaskNode.ID: [TaskNode.ID]] = [:]
    private var begun: [TaskNode.ID: Int] = [:]
    private var done: [TaskNode.ID: Int] = [:]
    private var failed: [String: Int] = [:]
    private var clock = 0

    private mutating func made(_ plans: [Plan], _ dice: inout Dice) -> [TaskNode] {
        var own: [TaskNode] = []
        for plan in plans {
            let sites: [TaskSite] = [.worker, .worker, .process, .transfer]
            let step = Step(
                number: nodes.count, site: sites.randomElement(using: &dice) ?? .worker, isMainWork: Bool.random(using: &dice))
            let waits = own.shuffled(using: &dice).prefix(plan.waits)
            let task: Step? = Int.random(in: 0..<8, using: &dice) == 0 ? nil : step
            let node = TaskNode(
                group: "\(plan.group)", rank: plan.group, seconds: Double.random(in: 0...9, using: &dice), after: waits.map(\.id), task)
            own.append(node)
            nodes[node.id] = node
        }
        return own
    }

    mutating func add(_ plans: [Plan], _ dice: inout Dice) { graph.add(made(plans, &dice)) }

    mutating func run(_ dice: inout Dice) {
        var running: [TaskNode] = []
        var growth = 40
        while !graph.isFinished {
            clock += 1
            while running.count < 3 {
                guard let next = take(TaskSite.allCases.shuffled(using: &dice)) else { break }
                #expect(begun[next.id] == nil, "it is begun once")
                #expect(failed[next.group] == nil, "its group has failed")
                begun[next.id] = clock
                running.append(next)
            }
            guard !running.isEmpty else { return #expect(graph.isFinished, "nobody knows what to do next") }
            let ended = running.remove(at: Int.random(in: running.indices, using: &dice))
            guard Int.random(in: 0..<25, using: &dice) > 0 else {
                let isFirst = graph.fail(ended.id)
                #expect(isFirst == (failed[ended.group] == nil))
                failed[ended.group] = failed[ended.group] ?? clock
                continue
            }
            let count = growth > 0 && Int.random(in: 0..<4, using: &dice) == 0 ? Int.random(in: 1...3, using: &dice) : 0
            growth -= count
            let found = made((0..<count).map { _ in Plan(group: ended.rank, waits: 1) }, &dice)
            if failed[ended.group] == nil { ledTo[ended.id] = found.map(\.id) }
            graph.finish(ended.id, adding: found)
            done[ended.id] = clock
        }
    }

    private mutating func take(_ sites: [TaskSite]) -> TaskNode? {
        for site in sites {
            if let node = graph.take(site, workers: 2) { return node }
        }
        return nil
    }

    /// When a node and all that it led to were done; a join is done with what it waits for.
    private func whole(_ id: TaskNode.ID) -> Int {
        guard let node = nodes[id] else { return 0 }
        let own = node.task == nil ? node.dependencies.map(whole).max() ?? 0 : done[id] ?? Int.max
        return (ledTo[id] ?? []).map(whole).reduce(own, max)
    }

    func demandOrder() {
        for node in nodes.values where node.task != nil {
            if let begun = begun[node.id] {
                for dependency in node.dependencies { #expect(whole(dependency) <= begun) }
            } else {
                #expect(failed[node.group] != nil, "\(node) was never begun")
            }
        }
    }
}

/// Chance that comes again with its seed.
private struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
