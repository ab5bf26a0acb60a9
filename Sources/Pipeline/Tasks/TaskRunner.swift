import Foundation
import Synchronization

/// One piece of work and what it waits for. A failed task fails its group; the group's other tasks are not begun any more.
struct TaskNode: Sendable {
    /// A title's id.
    var group: String
    /// What is longest is begun first.
    var cost: Double
    /// Indices of nodes that must be done before.
    var dependencies: [Int]
    var work: @Sendable () throws -> Void
}

/// Runs tasks on threads of its own, longest first, each as soon as all that it waits for is done.
///
/// The threads are not the cooperative pool's: from here down all code is synchronous and may block for minutes.
final class TaskRunner: Sendable {
    private struct State {
        var remaining: Set<Int>
        var done: Set<Int> = []
        var running = 0
        var failures: [String: any Error] = [:]
    }

    private let nodes: [TaskNode]
    private let state: Mutex<State>
    private let condition = NSCondition()

    private init(_ nodes: [TaskNode]) {
        self.nodes = nodes
        state = Mutex(State(remaining: Set(nodes.indices)))
    }

    /// Runs all and waits.
    /// - Parameter workers: threads.
    /// - Returns: the first failure of each group that has one.
    static func run(_ nodes: [TaskNode], workers: Int) -> [String: any Error] {
        guard !nodes.isEmpty else { return [:] }
        let runner = TaskRunner(nodes)
        let group = DispatchGroup()
        for number in 0..<max(1, workers) {
            group.enter()
            let thread = Thread {
                runner.work()
                group.leave()
            }
            thread.name = "worker \(number + 1)"
            // Encoders keep large frames on the stack.
            thread.stackSize = 16 << 20
            thread.start()
        }
        group.wait()
        return runner.state.withLock { $0.failures }
    }

    private func work() {
        while true {
            condition.lock()
            var next = take()
            while next == nil && !isFinished {
                condition.wait()
                next = take()
            }
            condition.unlock()
            guard let next else { return }
            var failure: (any Error)?
            do { try nodes[next].work() } catch { failure = error }
            condition.lock()
            finish(next, failure)
            condition.broadcast()
            condition.unlock()
        }
    }

    /// The longest task that may begin now.
    private func take() -> Int? {
        state.withLock { state in
            for index in state.remaining where state.failures[nodes[index].group] != nil { state.remaining.remove(index) }
            let ready = state.remaining.filter { nodes[$0].dependencies.allSatisfy(state.done.contains) }
            guard let best = ready.max(by: { (nodes[$0].cost, -$0) < (nodes[$1].cost, -$1) }) else { return nil }
            state.remaining.remove(best)
            state.running += 1
            return best
        }
    }

    private func finish(_ index: Int, _ failure: (any Error)?) {
        state.withLock { state in
            state.running -= 1
            state.done.insert(index)
            if let failure, state.failures[nodes[index].group] == nil { state.failures[nodes[index].group] = failure }
        }
    }

    private var isFinished: Bool { state.withLock { $0.remaining.isEmpty } }
}
