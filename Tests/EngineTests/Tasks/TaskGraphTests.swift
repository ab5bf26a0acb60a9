import Testing

@testable import Engine

/// The order in which tasks are begun.
@Suite struct TaskGraphTests {
    /// Takes and finishes one after another, as a single worker would.
    private func sequence(_ nodes: [TaskNode], workers: Int = 1) -> [Int] {
        let graph = StepGraph(nodes)
        var taken: [Int] = []
        while !graph.isFinished {
            guard let next = graph.node(.process) ?? graph.node(.transfer) ?? graph.node(workers: workers) else { return taken + [-1] }
            taken.append(next.number)
            graph.finish(next)
        }
        return taken
    }

    @Test func theLongestOfAGroupComesFirst() {
        let nodes = [3.0, 9, 1, 5].enumerated().map { TaskNode("a", 0, seconds: $0.element, Step(number: $0.offset)) }
        #expect(sequence(nodes) == [1, 3, 0, 2])
    }

    @Test func groupsComeInTheOrderOfTheirRanks() {
        var nodes: [TaskNode] = []
        for rank in 0..<10 {
            for chunk in 0..<50 { nodes.append(TaskNode("\(rank)", rank, seconds: Double(1 + chunk % 3), Step(number: nodes.count))) }
        }
        let half = Set(sequence(nodes).prefix(250).map { nodes[$0].rank })
        #expect(half.isSubset(of: Set(0..<6)), "\(half)")
    }

    @Test func whatWouldEndLastIsBegunAtOnce() {
        var nodes = (0..<40).map { TaskNode("first", 0, seconds: 1, Step(number: $0)) }
        nodes.append(TaskNode("last", 1, seconds: 50, Step(number: 40)))
        #expect(sequence(nodes, workers: 2).first == 40)
    }

    @Test func nothingIsBegunBeforeWhatItWaitsFor() {
        let first = TaskNode("a", 0, seconds: 1, Step(number: 2))
        let second = TaskNode("a", 0, seconds: 1, after: [first], Step(number: 1, site: .process))
        let third = TaskNode("a", 0, seconds: 9, after: [second], Step(number: 0))
        #expect(sequence([first, second, third]) == [2, 1, 0])
    }

    @Test func aFailureEndsItsGroupAlone() {
        let bad = [TaskNode("bad", 0, seconds: 9, Step(number: 0)), TaskNode("bad", 0, seconds: 1, Step(number: 1))]
        let good = TaskNode("good", 1, seconds: 1, Step(number: 2))
        let rest = [
            TaskNode("bad", 0, seconds: 1, after: [bad[0]], Step(number: 3, site: .process)),
            TaskNode("good", 1, after: [good], Step(number: 4, site: .process)),
        ]
        let graph = StepGraph(bad + [good] + rest)
        let running = [graph.take(), graph.take()]
        #expect(running == [0, 1])
        var isFirst = graph.fail(bad[0])
        #expect(isFirst)
        // The first failure is the one that is told.
        isFirst = graph.fail(bad[1])
        #expect(!isFirst)
        #expect(graph.take() == 2)
        graph.finish(good)
        #expect(graph.take(.process) == 4)
        graph.finish(rest[1])
        #expect(graph.isFinished)
    }

    @Test func whatDoesNotFitIsNotBegun() {
        let long = TaskNode("long", 0, seconds: 100, Step(number: 0))
        let short = TaskNode("short", 1, seconds: 2, Step(number: 1))
        let graph = StepGraph([long, short, TaskNode("long", 0, after: [long], Step(number: 2, site: .process))])
        let fits: (TaskNode) -> Bool = { $0.seconds < 10 }
        let taken = [graph.take(fits: fits), graph.take(fits: fits)]
        #expect(taken == [1, nil])
        // Something runs: it may yet change what fits.
        #expect(!graph.isStuck(fits: fits))
        graph.finish(short)
        #expect(graph.isStuck(fits: fits))
        #expect(graph.remainingGroups == ["long"])
    }

    @Test func aJoinNeverWaitsForAThread() {
        let upload = TaskNode("done", 0, Step(number: 0, site: .transfer))
        let first = TaskNode("film", 1, seconds: 1, Step(number: 1))
        let join = TaskNode(group: "film", rank: 1, after: [first.id], nil)
        let second = TaskNode("film", 1, seconds: 1, after: [join], Step(number: 2))
        let empty = TaskNode(group: "empty", rank: 2, nil)
        let third = TaskNode("empty", 2, seconds: 1, after: [empty], Step(number: 3))
        let graph = StepGraph([upload, first, join, second, empty, third])
        // An upload that takes its time.
        var taken = [graph.take(.transfer), graph.take(workers: 2)]
        #expect(taken == [0, 1])
        graph.finish(first)
        taken = (0..<3).map { _ in graph.take(workers: 2) }
        #expect(taken == [2, 3, nil])
        for node in [upload, second, third] { graph.finish(node) }
        #expect(graph.isFinished)
    }

    @Test func aTransferThatDoesNotFitIsNotBegun() {
        let quick = TaskNode("b", 1, Step(number: 1, site: .process))
        let graph = StepGraph([TaskNode("a", 0, seconds: 100, Step(number: 0, site: .transfer)), quick])
        let fits: (TaskNode) -> Bool = { $0.seconds < 10 }
        let taken = [TaskSite.transfer, .process, .transfer].map { graph.take($0, fits: fits) }
        #expect(taken == [nil, 1, nil])
        graph.finish(quick)
        #expect(graph.isStuck(fits: fits))
    }

    @Test func hundredsOfGroupsEnd() {
        var nodes: [TaskNode] = []
        for group in 0..<200 {
            let chunks = (0..<30).map { TaskNode("\(group)", group, seconds: Double($0 % 7), Step(number: nodes.count + $0)) }
            nodes += chunks
            nodes.append(TaskNode("\(group)", group, after: chunks, Step(number: nodes.count, site: .process)))
        }
        #expect(sequence(nodes, workers: 4).sorted() == Array(nodes.indices))
    }
}
