import Foundation
import Synchronization
import Testing

@testable import Pipeline

/// Which tasks run, in what order, on how many threads.
@Suite struct TaskRunnerTests {
    private struct Fault: Error, Equatable { var name: String }

    /// What was done, in order; written by many threads.
    private final class Diary: Sendable {
        private let entries = Mutex<[String]>([])
        func note(_ entry: String) { entries.withLock { $0.append(entry) } }
        var all: [String] { entries.withLock { $0 } }
    }

    private func node(
        _ diary: Diary, _ name: String, group: String = "a", cost: Double = 1, after: [Int] = [], fails: Bool = false
    ) -> TaskNode {
        TaskNode(group: group, cost: cost, dependencies: after) {
            if fails { throw Fault(name: name) }
            diary.note(name)
        }
    }

    @Test func theLongestComesFirst() {
        let diary = Diary()
        let nodes = [("short", 1.0), ("long", 9), ("middle", 5)].map { node(diary, $0.0, cost: $0.1) }
        #expect(TaskRunner.run(nodes, workers: 1).isEmpty)
        #expect(diary.all == ["long", "middle", "short"])
    }

    @Test func whatIsWaitedForComesBefore() {
        let diary = Diary()
        let nodes = [
            node(diary, "last", cost: 100, after: [1, 2]), node(diary, "first", cost: 1), node(diary, "second", cost: 2, after: [1]),
        ]
        #expect(TaskRunner.run(nodes, workers: 3).isEmpty)
        #expect(diary.all == ["first", "second", "last"])
    }

    @Test(arguments: [1, 4])
    func aFailureEndsItsGroupAlone(_ workers: Int) {
        let diary = Diary()
        let nodes = [
            node(diary, "broken", group: "bad", cost: 9, fails: true), node(diary, "after", group: "bad", after: [0]),
            node(diary, "good", group: "good"), node(diary, "published", group: "good", after: [2]),
        ]
        let failures = TaskRunner.run(nodes, workers: workers)
        #expect(failures.keys.sorted() == ["bad"])
        #expect(failures["bad"] as? Fault == Fault(name: "broken"))
        #expect(diary.all == ["good", "published"])
    }

    @Test func theFirstFailureOfAGroupIsTold() {
        let diary = Diary()
        let nodes = (0..<5).map { node(diary, "\($0)", cost: Double(9 - $0), fails: true) }
        #expect(TaskRunner.run(nodes, workers: 1)["a"] as? Fault == Fault(name: "0"))
    }

    @Test func allWorkersWork() {
        // Each task waits until as many as there are workers have begun: with fewer threads it would never end.
        let begun = Mutex(0)
        let gate = NSCondition()
        let nodes = (0..<3).map { _ in
            TaskNode(group: "a", cost: 1, dependencies: []) {
                gate.lock()
                begun.withLock { $0 += 1 }
                gate.broadcast()
                while begun.withLock({ $0 < 3 }) { gate.wait() }
                gate.unlock()
            }
        }
        #expect(TaskRunner.run(nodes, workers: 3).isEmpty)
        #expect(begun.withLock { $0 } == 3)
    }

    @Test func aDiamondOfHundredsEnds() {
        let diary = Diary()
        var nodes = [node(diary, "root")]
        for number in 1...300 { nodes.append(node(diary, "\(number)", group: "\(number % 7)", cost: Double(number % 13), after: [0])) }
        nodes.append(node(diary, "end", after: Array(1...300)))
        #expect(TaskRunner.run(nodes, workers: 4).isEmpty)
        #expect(diary.all.count == 302)
        #expect(diary.all.first == "root" && diary.all.last == "end")
        #expect(TaskRunner.run([], workers: 4).isEmpty)
    }
}
