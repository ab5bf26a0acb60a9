import Testing

@testable import Pipeline

/// The order in which tasks are begun.
@Suite struct TaskGraphTests {
    private func order(_ number: Int) -> TaskNode.Job { .order(.sound(plan: "plan", number: number)) }

    /// Takes and finishes one after another, as a single worker would.
    private func sequence(_ nodes: [TaskNode], workers: Int = 1) -> [Int] {
        var graph = TaskGraph(nodes)
        var taken: [Int] = []
        while !graph.isFinished {
            guard let next = graph.takeLocal() ?? graph.takeForStore() ?? graph.takeOrder(workers: workers) else { return taken + [-1] }
            taken.append(next)
            graph.finish(next)
        }
        return taken
    }

    @Test func theLongestOfATitleComesFirst() {
        let nodes = [3.0, 9, 1, 5].enumerated().map { TaskNode(title: "a", place: 0, seconds: $0.element, order($0.offset)) }
        #expect(sequence(nodes) == [1, 3, 0, 2])
    }

    @Test func titlesComeInTheManifestsOrder() {
        var nodes: [TaskNode] = []
        for place in 0..<10 {
            for chunk in 0..<50 { nodes.append(TaskNode(title: "\(place)", place: place, seconds: Double(1 + chunk % 3), order(chunk))) }
        }
        let half = Set(sequence(nodes).prefix(250).map { nodes[$0].place })
        #expect(half.isSubset(of: Set(0..<6)), "\(half)")
    }

    @Test func whatWouldEndLastIsBegunAtOnce() {
        var nodes = (0..<40).map { TaskNode(title: "first", place: 0, seconds: 1, order($0)) }
        nodes.append(TaskNode(title: "last", place: 1, seconds: 50, order(99)))
        #expect(sequence(nodes, workers: 2).first == 40)
    }

    @Test func nothingIsBegunBeforeWhatItWaitsFor() {
        let nodes = [
            TaskNode(title: "a", place: 0, seconds: 1, after: [1], order(0)),
            TaskNode(title: "a", place: 0, seconds: 1, after: [2], .local({})),
            TaskNode(title: "a", place: 0, seconds: 1, order(2)),
        ]
        #expect(sequence(nodes) == [2, 1, 0])
    }

    @Test func aFailureEndsItsTitleAlone() {
        let nodes = [
            TaskNode(title: "bad", place: 0, seconds: 9, order(0)), TaskNode(title: "bad", place: 0, seconds: 1, order(1)),
            TaskNode(title: "bad", place: 0, seconds: 1, after: [0], .local({})), TaskNode(title: "good", place: 1, seconds: 1, order(2)),
            TaskNode(title: "good", place: 1, after: [3], .local({})),
        ]
        var graph = TaskGraph(nodes)
        let running = [graph.takeOrder(workers: 1), graph.takeOrder(workers: 1)]
        #expect(running == [0, 1])
        var isFirst = graph.fail(0)
        #expect(isFirst)
        // The first failure is the one that is told.
        isFirst = graph.fail(1)
        #expect(!isFirst)
        let next = graph.takeOrder(workers: 1)
        #expect(next == 3)
        graph.finish(3)
        let last = graph.takeLocal()
        #expect(last == 4)
        graph.finish(4)
        #expect(graph.isFinished)
    }

    @Test func whatDoesNotFitIsNotBegun() {
        let nodes = [
            TaskNode(title: "long", place: 0, seconds: 100, order(0)), TaskNode(title: "short", place: 1, seconds: 2, order(1)),
            TaskNode(title: "long", place: 0, after: [0], .local({})),
        ]
        var graph = TaskGraph(nodes)
        let fits: (TaskNode) -> Bool = { $0.seconds < 10 }
        let taken = [graph.takeOrder(workers: 1, fits: fits), graph.takeOrder(workers: 1, fits: fits)]
        #expect(taken == [1, nil])
        // Something runs: it may yet change what fits.
        #expect(!graph.isStuck(fits: fits))
        graph.finish(1)
        #expect(graph.isStuck(fits: fits))
        #expect(graph.remaining == [0, 2])
    }

    @Test func aBarrierNeverWaitsForAThread() {
        let nodes = [
            TaskNode(title: "done", place: 0, .publish({})), TaskNode(title: "film", place: 1, seconds: 1, order(0)),
            TaskNode(title: "film", place: 1, after: [1], .barrier), TaskNode(title: "film", place: 1, seconds: 1, after: [2], order(1)),
            TaskNode(title: "empty", place: 2, .barrier), TaskNode(title: "empty", place: 2, seconds: 1, after: [4], order(2)),
        ]
        var graph = TaskGraph(nodes)
        // An upload that takes its time.
        var taken = [graph.takeForStore(), graph.takeOrder(workers: 2)]
        #expect(taken == [0, 1])
        graph.finish(1)
        taken = [graph.takeOrder(workers: 2), graph.takeOrder(workers: 2), graph.takeOrder(workers: 2)]
        #expect(taken == [3, 5, nil])
        for index in [0, 3, 5] { graph.finish(index) }
        #expect(graph.isFinished)
    }

    @Test func aPublicationThatDoesNotFitIsNotBegun() {
        let nodes = [
            TaskNode(title: "a", place: 0, seconds: 100, .publish({})), TaskNode(title: "b", place: 1, .local({})),
        ]
        var graph = TaskGraph(nodes)
        let fits: (TaskNode) -> Bool = { $0.seconds < 10 }
        let taken = [graph.takeForStore(fits: fits), graph.takeLocal(fits: fits), graph.takeForStore(fits: fits)]
        #expect(taken == [nil, 1, nil])
        graph.finish(1)
        #expect(graph.isStuck(fits: fits))
    }

    @Test func hundredsOfTitlesEnd() {
        var nodes: [TaskNode] = []
        for title in 0..<200 {
            let first = nodes.count
            for chunk in 0..<30 { nodes.append(TaskNode(title: "\(title)", place: title, seconds: Double(chunk % 7), order(chunk))) }
            nodes.append(TaskNode(title: "\(title)", place: title, after: Array(first..<first + 30), .local({})))
        }
        let taken = sequence(nodes, workers: 4)
        #expect(taken.sorted() == Array(nodes.indices))
    }
}
