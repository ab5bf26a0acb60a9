package import Foundation
import Glibc
import Synchronization

/// Carries a graph of tasks out: which task comes next, until when, and how often it is tried. Executors do the rest.
///
/// One thread a slot of an executor, which mostly waits for it.
package final class Scheduler: Sendable {
    package struct Settings: Sendable {
        /// By the site whose tasks each carries out.
        package var executors: [TaskSite: any Executor]
        /// No task is begun that would end later; nil: any may.
        package var deadline: Date?
        /// How long tasks take, for the deadline; learns from this run's.
        package var costs: CostEstimates
        /// Asked after each task for those that it leads to; nil: the graph does not grow.
        package var growth: (any TaskGrowth)?
        /// A task whose executor was lost is tried this often; one that hangs for good is not, because it would hang again.
        package var attempts: Int

        package init(
            executors: [TaskSite: any Executor], deadline: Date? = nil, costs: CostEstimates = CostEstimates(),
            growth: (any TaskGrowth)? = nil, attempts: Int = 2
        ) {
            self.executors = executors
            self.deadline = deadline
            self.costs = costs
            self.growth = growth
            self.attempts = attempts
        }
    }

    /// What became of the tasks that were not begun.
    package struct Outcome: Sendable {
        /// The first failure of each group that has one.
        package var failures: [String: any Error] = [:]
        /// Groups with tasks for which there was no time any more.
        package var postponed: Set<String> = []
    }

    private struct State {
        var graph: TaskGraph
        var outcome = Outcome()
    }

    private let settings: Settings
    private let observer: any TaskObserver
    private let shouldStop: @Sendable () -> Bool
    private let onFailure: @Sendable (TaskNode, any Error) -> Void
    private let state: Mutex<State>
    private let condition = NSCondition()

    private init(
        _ nodes: [TaskNode], _ settings: Settings, observer: any TaskObserver, shouldStop: @escaping @Sendable () -> Bool,
        onFailure: @escaping @Sendable (TaskNode, any Error) -> Void
    ) {
        self.settings = settings
        self.observer = observer
        self.shouldStop = shouldStop
        self.onFailure = onFailure
        state = Mutex(State(graph: TaskGraph(nodes)))
    }

    /// Carries all tasks out, and those that they lead to, and waits.
    /// - Parameters:
    ///   - shouldStop: asked often; true: what runs is dropped, nothing is begun.
    ///   - onFailure: told at once of a group's first failure, with the task that failed.
    package static func run(
        _ nodes: [TaskNode], _ settings: Settings, observer: any TaskObserver, shouldStop: @escaping @Sendable () -> Bool = { false },
        onFailure: @escaping @Sendable (_ node: TaskNode, _ error: any Error) -> Void = { _, _ in }
    ) -> Outcome {
        guard !nodes.isEmpty else { return Outcome() }
        // A worker may die between two tasks: writing to it is then an error to be told, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        let scheduler = Scheduler(nodes, settings, observer: observer, shouldStop: shouldStop, onFailure: onFailure)
        let group = DispatchGroup()
        for (site, executor) in settings.executors {
            let most = settings.growth == nil ? nodes.count { $0.site == site } : executor.slots
            for number in 0..<min(executor.slots, most) {
                group.enter()
                let hand = Hand(scheduler)
                let thread = Thread {
                    hand.work(site, number: number + 1)
                    group.leave()
                }
                thread.name = "\(site) \(number + 1)"
                thread.start()
            }
        }
        group.wait()
        return scheduler.state.withLock { $0.outcome }
    }

    /// What a thread holds of the scheduler. It lets go before it says that it has ended, because its closure lives a little longer: when
    /// `run` returns, nobody holds what tasks, executors and observers hold any more.
    private final class Hand: Sendable {
        private let scheduler: Mutex<Scheduler?>

        init(_ scheduler: Scheduler) { self.scheduler = Mutex(scheduler) }

        func work(_ site: TaskSite, number: Int) {
            let scheduler = scheduler.withLock { scheduler in
                defer { scheduler = nil }
                return scheduler
            }
            scheduler?.serve(site, number: number)
        }
    }

    // MARK: Threads

    private func serve(_ site: TaskSite, number: Int) {
        guard let executor = settings.executors[site] else { return }
        let slot = executor.slot(number)
        defer { slot.close() }
        while let node = next(site, workers: executor.slots) {
            guard let task = node.task else { continue }
            finish(node) { try perform(task, of: node, by: slot) }
        }
    }

    /// Carries a task out; tries once more where whoever does it is lost.
    private func perform(_ task: any EngineTask, of node: TaskNode, by slot: any ExecutorSlot) throws {
        // What takes no time to speak of is not spoken of.
        guard task.site != .process else {
            _ = try slot.perform(task, shouldStop: shouldStop) { _ in }
            return
        }
        for attempt in 1...max(1, settings.attempts) {
            do {
                observer.began(node, attempt: attempt)
                let usage = try slot.perform(task, shouldStop: shouldStop) { observer.progressed(node, share: $0) }
                settings.costs.learn(task.kind, wallSeconds: usage.wallSeconds, predicted: node.seconds)
                return observer.ended(node, usage: usage)
            } catch let loss as ExecutorLoss {
                if shouldStop() {
                    throw TaskFailure(cause: EngineError(.interrupted, "", "stopped before it was done"), usage: loss.usage)
                }
                guard attempt < settings.attempts, !loss.wasSilent || task.hangTimeout == nil else {
                    let tries = attempt == 1 ? "once" : attempt == 2 ? "twice" : "\(attempt) times"
                    throw TaskFailure(
                        cause: EngineError(.failed, task.label, "\(loss.reason); it was tried \(tries)"), usage: loss.usage)
                }
                observer.lost(node, reason: "cannot \(task.label): \(loss.reason); trying once more", usage: loss.usage)
            }
        }
    }

    // MARK: Bookkeeping

    private func fits(_ node: TaskNode) -> Bool {
        // Where nobody is there to do it, it waits for another run.
        guard let site = node.site, settings.executors[site] != nil else { return false }
        guard let deadline = settings.deadline, site != .process else { return true }
        return Date(timeIntervalSinceNow: settings.costs.seconds(for: node)) <= deadline
    }

    /// The next task of a thread; waits for one. nil when there will be none.
    private func next(_ site: TaskSite, workers: Int) -> TaskNode? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if shouldStop() { return nil }
            let (node, isOver) = state.withLock { state -> (TaskNode?, Bool) in
                if let node = state.graph.take(site, workers: workers, fits: fits) { return (node, false) }
                if state.graph.isFinished { return (nil, true) }
                guard state.graph.isStuck(fits: fits) else { return (nil, false) }
                state.outcome.postponed.formUnion(state.graph.remainingGroups)
                return (nil, true)
            }
            if let node { return node }
            if isOver { return nil }
            // A signal or a deadline wakes nobody: look again soon.
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
        }
    }

    private func finish(_ node: TaskNode, _ body: () throws -> Void) {
        var (failure, found): ((any Error)?, [TaskNode]) = (nil, [])
        do {
            try body()
        } catch {
            let known = error as? TaskFailure
            failure = known?.cause ?? error
            if node.site != .process {
                let wasDropped = (known?.cause as? EngineError)?.code == .interrupted
                observer.failed(node, error: known?.cause ?? error, wasDropped: wasDropped, usage: known?.usage)
            }
        }
        if failure == nil, let growth = settings.growth {
            do { found = try growth.followUps(of: node) } catch { failure = error }
            // Before any of them is begun.
            if !found.isEmpty, !state.withLock({ $0.graph.hasFailed(node.group) }) { observer.added(found) }
        }
        condition.lock()
        let isFirst = state.withLock { state in
            guard let failure else {
                state.graph.finish(node.id, adding: found)
                return false
            }
            guard state.graph.fail(node.id) else { return false }
            state.outcome.failures[node.group] = failure
            return true
        }
        condition.broadcast()
        condition.unlock()
        if let failure, isFirst { onFailure(node, failure) }
    }
}
