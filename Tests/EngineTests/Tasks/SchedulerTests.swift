import Foundation
import Synchronization
import Testing

@testable import Engine

/// A batch is carried out by executors that know nothing of each other.
@Suite struct SchedulerTests {
    /// What was told, in order.
    private final class Log: TaskObserver {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        private func say(_ words: String, _ node: TaskNode) { lines.withLock { $0.append("\(words) \(node.number)") } }

        func added(_ nodes: [TaskNode]) { for node in nodes { say("added", node) } }
        func began(_ node: TaskNode, attempt: Int) { say(attempt == 1 ? "began" : "again", node) }
        func progressed(_ node: TaskNode, share: Double) { say("progress", node) }
        func ended(_ node: TaskNode, usage: TaskUsage) { say("ended", node) }
        func lost(_ node: TaskNode, reason: String, usage: TaskUsage?) { say("lost", node) }
        func failed(_ node: TaskNode, error: any Error, wasDropped: Bool, usage: TaskUsage?) {
            say(wasDropped ? "dropped" : "failed", node)
        }
    }

    private struct Trouble: Error {}

    /// Does steps by their numbers: 13 fails, others are noted.
    private final class Steps: TaskPerforming, Sendable {
        private let numbers = Mutex<[Int]>([])

        var done: [Int] { numbers.withLock { $0 } }

        func perform(_ task: any EngineTask, onProgress: (Double?) -> Void) throws {
            guard let step = task as? Step else { return }
            if step.number == 13 { throw Trouble() }
            onProgress(0.5)
            numbers.withLock { $0.append(step.number) }
        }
    }

    /// An executor whose machines are lost: the first times, or always.
    private final class Losing: Executor {
        let slots = 1
        private let losses: Mutex<Int>
        private let wasSilent: Bool

        init(_ losses: Int, wasSilent: Bool = false) {
            self.losses = Mutex(losses)
            self.wasSilent = wasSilent
        }

        func slot(_ number: Int) -> any ExecutorSlot { Slot(executor: self) }

        private struct Slot: ExecutorSlot {
            let executor: Losing

            func perform(_ task: any EngineTask, shouldStop: () -> Bool, onProgress: (Double) -> Void) throws -> TaskUsage {
                let isLost = executor.losses.withLock { losses in
                    losses -= 1
                    return losses >= 0
                }
                if isLost { throw ExecutorLoss(reason: "the machine is gone", wasSilent: executor.wasSilent, usage: nil) }
                return TaskUsage(cpuSeconds: 1, wallSeconds: 1, peakBytes: 1)
            }

            func close() {}
        }
    }

    /// Each step below 3 leads to two of ten times its number.
    private struct Growth: TaskGrowth {
        func followUps(of node: TaskNode) throws -> [TaskNode] {
            guard (1..<3).contains(node.number) else { return [] }
            return [1, 2].map { TaskNode(node.group, node.rank, seconds: 1, Step(number: 10 * node.number + $0)) }
        }
    }

    private let log = Log()
    private let steps = Steps()

    private func settings(deadline: Date? = nil, growth: (any TaskGrowth)? = nil, slots: Int = 2) -> Scheduler.Settings {
        let executor = InProcessExecutor(steps, slots: slots)
        return Scheduler.Settings(
            executors: [.worker: executor, .process: executor, .transfer: executor], deadline: deadline, growth: growth)
    }

    @Test func everyTaskIsDoneAfterWhatItWaitsFor() {
        let first = TaskNode("a", 0, seconds: 1, Step(number: 1))
        let nodes = [first, TaskNode("a", 0, after: [first], Step(number: 2, site: .transfer))]
        let outcome = Scheduler.run(nodes, settings(), observer: log)
        #expect(steps.done == [1, 2] && outcome.failures.isEmpty && outcome.postponed.isEmpty)
        #expect(log.all == ["began 1", "progress 1", "ended 1", "began 2", "progress 2", "ended 2"])
    }

    @Test func tasksOfThisProcessAreNotToldOf() {
        _ = Scheduler.run([TaskNode("a", 0, Step(number: 1, site: .process))], settings(), observer: log)
        #expect(steps.done == [1] && log.all.isEmpty)
    }

    @Test func whatTasksLeadToIsDoneBeforeWhatWaitsForThem() {
        let first = TaskNode("a", 0, seconds: 1, Step(number: 1))
        let second = TaskNode("a", 0, seconds: 1, Step(number: 2))
        let last = TaskNode("a", 0, after: [first, second], Step(number: 99, site: .process))
        let outcome = Scheduler.run([first, second, last], settings(growth: Growth()), observer: log)
        #expect(outcome.failures.isEmpty)
        #expect(steps.done.last == 99 && steps.done.sorted() == [1, 2, 11, 12, 21, 22, 99])
        let words = log.all
        for number in [11, 12, 21, 22] {
            let (added, began) = (words.firstIndex(of: "added \(number)"), words.firstIndex(of: "began \(number)"))
            #expect(added != nil && began != nil && (added ?? 0) < (began ?? 0), "\(words)")
        }
    }

    /// A graph of one site may grow into another.
    @Test func whatIsAddedMayBeDoneElsewhere() {
        struct Upload: TaskGrowth {
            func followUps(of node: TaskNode) throws -> [TaskNode] {
                node.number == 1 ? [TaskNode("a", 0, Step(number: 5, site: .transfer))] : []
            }
        }
        _ = Scheduler.run([TaskNode("a", 0, Step(number: 1))], settings(growth: Upload()), observer: log)
        #expect(steps.done == [1, 5])
    }

    @Test func aFailureEndsItsGroupAndNoOther() {
        let bad = TaskNode("bad", 0, seconds: 9, Step(number: 13))
        let nodes = [bad, TaskNode("bad", 0, after: [bad], Step(number: 2)), TaskNode("good", 1, seconds: 1, Step(number: 3))]
        let told = Mutex<[String]>([])
        let outcome = Scheduler.run(nodes, settings(growth: Growth()), observer: log) {
            false
        } onFailure: { node, _ in
            told.withLock { $0.append(node.group) }
        }
        #expect(outcome.failures.keys.sorted() == ["bad"] && outcome.failures["bad"] is Trouble)
        #expect(told.withLock { $0 } == ["bad"])
        #expect(steps.done == [3])
    }

    @Test func growthThatFailsFailsItsGroup() {
        struct Broken: TaskGrowth {
            func followUps(of node: TaskNode) throws -> [TaskNode] {
                if node.group == "bad" { throw Trouble() }
                return []
            }
        }
        let first = TaskNode("bad", 0, Step(number: 1))
        let nodes = [first, TaskNode("bad", 0, after: [first], Step(number: 2)), TaskNode("good", 1, Step(number: 3))]
        let outcome = Scheduler.run(nodes, settings(growth: Broken()), observer: log)
        #expect(outcome.failures.keys.sorted() == ["bad"] && steps.done.sorted() == [1, 3])
    }

    /// What is added under a deadline, and does not fit, waits for another night with all its group.
    @Test func theDeadlineHoldsForWhatIsAdded() {
        struct Long: TaskGrowth {
            func followUps(of node: TaskNode) throws -> [TaskNode] {
                node.number == 1 ? [TaskNode(node.group, node.rank, seconds: 100_000, Step(number: 7))] : []
            }
        }
        let first = TaskNode("film", 0, seconds: 1, Step(number: 1))
        let nodes = [
            first, TaskNode("film", 0, after: [first], Step(number: 2, site: .process)), TaskNode("other", 1, seconds: 1, Step(number: 3)),
        ]
        let deadline = Date(timeIntervalSinceNow: 3600)
        let outcome = Scheduler.run(nodes, settings(deadline: deadline, growth: Long()), observer: log)
        #expect(outcome.postponed == ["film"] && outcome.failures.isEmpty)
        #expect(steps.done.sorted() == [1, 3])
    }

    @Test func aDeadlineHoldsNothingUpThatTakesNoTime() {
        let nodes = [TaskNode("a", 0, Step(number: 1, site: .process)), TaskNode("b", 1, seconds: 0, Step(number: 2, site: .transfer))]
        let outcome = Scheduler.run(nodes, settings(deadline: Date(timeIntervalSinceNow: -1)), observer: log)
        #expect(steps.done == [1] && outcome.postponed == ["b"])
    }

    @Test(arguments: [(1, false, true), (2, false, false), (1, true, true)])
    func whatIsLostIsTriedOnceMore(losses: Int, wasSilent: Bool, isDone: Bool) {
        let executors: [TaskSite: any Executor] = [.worker: Losing(losses, wasSilent: wasSilent)]
        let outcome = Scheduler.run([TaskNode("a", 0, Step(number: 1))], Scheduler.Settings(executors: executors), observer: log)
        #expect(outcome.failures.isEmpty == isDone)
        #expect(log.all == ["began 1", "lost 1", "again 1", isDone ? "ended 1" : "failed 1"])
        guard !isDone else { return }
        #expect(outcome.failures["a"].map { "\($0)" } == "cannot take step 1: the machine is gone; it was tried twice")
    }

    @Test func whatHangsForGoodIsNotTriedAgain() {
        let executors: [TaskSite: any Executor] = [.worker: Losing(1, wasSilent: true)]
        let node = TaskNode("a", 0, Step(number: 1, hangTimeout: 120))
        let outcome = Scheduler.run([node], Scheduler.Settings(executors: executors), observer: log)
        #expect(outcome.failures["a"].map { "\($0)" } == "cannot take step 1: the machine is gone; it was tried once")
    }

    @Test func whatNobodyCanDoIsPostponedAndHangsNothing() {
        let executors: [TaskSite: any Executor] = [.process: InProcessExecutor(steps, slots: 1)]
        let nodes = [TaskNode("a", 0, Step(number: 1, site: .process)), TaskNode("b", 1, Step(number: 2))]
        let outcome = Scheduler.run(nodes, Scheduler.Settings(executors: executors), observer: log)
        #expect(steps.done == [1] && outcome.postponed == ["b"])
    }

    @Test func nothingIsBegunOnceItShallStop() {
        let nodes = (0..<5).map { TaskNode("a", 0, seconds: 1, Step(number: $0)) }
        let outcome = Scheduler.run(nodes, settings(slots: 1), observer: log, shouldStop: { [steps] in !steps.done.isEmpty })
        #expect(steps.done.count == 1 && outcome.postponed.isEmpty && outcome.failures.isEmpty)
    }

    @Test func whatTasksTookIsLearntForTheDeadline() {
        let costs = CostEstimates(["step": 3])
        let node = TaskNode("a", 0, seconds: 100, Step(number: 1))
        #expect(costs.seconds(for: node) == 300)
        costs.learn("step", wallSeconds: 20, predicted: 20)
        #expect(costs.seconds(for: node) == 200, "as much weight as what earlier runs tell")
        #expect(costs.seconds(for: TaskNode("a", 0, seconds: 100, Step(number: 1, site: .process))) == 0)
    }
}
