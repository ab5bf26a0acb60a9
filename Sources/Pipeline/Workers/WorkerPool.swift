import Foundation
import Glibc
import Synchronization

/// What is told while tasks run, from many threads.
protocol TaskObserver: Sendable {
    func began(_ node: TaskNode, attempt: Int)
    /// - Parameter share: of the task that is done, 0 to 1.
    func progressed(_ node: TaskNode, share: Double)
    func ended(_ node: TaskNode, usage: TaskUsage)
    /// The worker was lost and the task will be tried once more.
    /// - Parameter usage: what it has cost so far; nil where nobody can tell.
    func lost(_ node: TaskNode, reason: String, usage: TaskUsage?)
    func failed(_ node: TaskNode, error: any Error, usage: TaskUsage?)
}

/// The local executor: keeps worker processes, hands each one task after another, and replaces one that dies.
///
/// One thread a worker, which mostly waits for the pipe, one for the tasks of this process, and a few for those that wait for the store.
final class WorkerPool: Sendable {
    struct Settings: Sendable {
        var program: String
        var work: String
        var workers: Int
        var nice: Int
        var limits: TaskLimits
        /// The workers'.
        var environment: [String: String]
    }

    /// What becomes of the tasks that were not begun.
    struct Outcome: Sendable {
        /// The first failure of each title that has one.
        var failures: [String: any Error] = [:]
        /// Titles with tasks for which there was no time any more.
        var postponed: Set<String> = []
    }

    private struct State {
        var graph: TaskGraph
        var outcome = Outcome()
    }

    private let nodes: [TaskNode]
    private let settings: Settings
    private let observer: any TaskObserver
    private let shouldStop: @Sendable () -> Bool
    private let fits: @Sendable (TaskNode) -> Bool
    private let onFailure: @Sendable (TaskNode, any Error) -> Void
    private let state: Mutex<State>
    private let condition = NSCondition()

    /// A task whose worker was lost is tried this often; reading that hangs is not, because it would hang again.
    private static let attempts = 2
    /// Publications at the same time: one that is slow, or waits for a bucket that answers busy, does not hold the next title's up.
    private static let storeThreads = 2

    private init(
        _ nodes: [TaskNode], _ settings: Settings, observer: any TaskObserver, shouldStop: @escaping @Sendable () -> Bool,
        fits: @escaping @Sendable (TaskNode) -> Bool, onFailure: @escaping @Sendable (TaskNode, any Error) -> Void
    ) {
        self.onFailure = onFailure
        self.nodes = nodes
        self.settings = settings
        self.observer = observer
        self.shouldStop = shouldStop
        self.fits = fits
        state = Mutex(State(graph: TaskGraph(nodes)))
    }

    /// Runs all tasks and waits.
    /// - Parameters:
    ///   - shouldStop: asked often; true: what runs is dropped, nothing is begun.
    ///   - fits: whether a task may still be begun, now.
    ///   - onFailure: told at once of a title's first failure, with the task that failed.
    static func run(
        _ nodes: [TaskNode], _ settings: Settings, observer: any TaskObserver, shouldStop: @escaping @Sendable () -> Bool,
        fits: @escaping @Sendable (TaskNode) -> Bool = { _ in true },
        onFailure: @escaping @Sendable (_ node: TaskNode, _ error: any Error) -> Void = { _, _ in }
    ) -> Outcome {
        guard !nodes.isEmpty else { return Outcome() }
        // A worker may die between two tasks: writing to it is then an error to be told, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        let pool = WorkerPool(nodes, settings, observer: observer, shouldStop: shouldStop, fits: fits, onFailure: onFailure)
        let group = DispatchGroup()
        for role in pool.roles {
            group.enter()
            let hand = Hand(pool)
            let thread = Thread {
                hand.work(role)
                group.leave()
            }
            thread.name = role.name
            thread.start()
        }
        group.wait()
        return pool.state.withLock { $0.outcome }
    }

    /// What a thread does.
    private enum Role {
        case local
        case store(Int)
        case worker(Int)

        var name: String {
            switch self {
            case .local: "local"
            case .store(let number): "store \(number)"
            case .worker(let number): "worker \(number)"
            }
        }
    }

    private var roles: [Role] {
        let orders = nodes.count { $0.order != nil }
        let publications = nodes.count { $0.isForStore }
        return [.local] + (0..<min(Self.storeThreads, publications)).map { .store($0 + 1) }
            + (0..<min(settings.workers, orders)).map { .worker($0 + 1) }
    }

    /// What a thread holds of the pool. It lets go before it says that it has ended, because its closure lives a little longer: when `run`
    /// returns, nobody holds a title's plans, locks or files any more.
    private final class Hand: Sendable {
        private let pool: Mutex<WorkerPool?>

        init(_ pool: WorkerPool) { self.pool = Mutex(pool) }

        func work(_ role: Role) {
            let pool = pool.withLock { pool in
                defer { pool = nil }
                return pool
            }
            switch role {
            case .local: pool?.serve { $0.takeLocal(fits: $1) }
            case .store: pool?.serve { $0.takeForStore(fits: $1) }
            case .worker(let number): pool?.serve(number: number)
            }
        }
    }

    // MARK: Threads

    private func serve(number: Int) {
        var process: WorkerProcess?
        while let index = next({ graph in graph.takeOrder(workers: settings.workers, fits: fits) }) {
            guard let order = nodes[index].order else { continue }
            finish(index) { try perform(order, of: nodes[index], by: &process, number: number) }
        }
        process?.dismiss()
    }

    /// Tasks of this process.
    private func serve(_ take: (inout TaskGraph, (TaskNode) -> Bool) -> Int?) {
        while let index = next({ graph in take(&graph, fits) }) {
            let node = nodes[index]
            switch node.job {
            case .local(let body): finish(index, body)
            case .publish(let body), .restore(let body): finish(index) { try performHere(node, body) }
            case .order, .barrier: finish(index) {}
            }
        }
    }

    private func performHere(_ node: TaskNode, _ body: () throws -> Void) throws {
        let start = Monotonic.seconds
        observer.began(node, attempt: 1)
        try body()
        observer.ended(node, usage: TaskUsage(cpuSeconds: 0, wallSeconds: Monotonic.seconds - start, peakBytes: 0))
    }

    /// Carries a task out; tries once more, with a new worker, when the first is lost.
    private func perform(_ order: TaskOrder, of node: TaskNode, by process: inout WorkerProcess?, number: Int) throws {
        for attempt in 1...Self.attempts {
            do {
                let worker =
                    try process
                    ?? WorkerProcess(
                        program: settings.program, work: settings.work, number: number, nice: settings.nice,
                        environment: settings.environment)
                process = worker
                observer.began(node, attempt: attempt)
                let usage = try worker.perform(order, limits: settings.limits.narrowed(for: order), shouldStop: shouldStop) { share in
                    observer.progressed(node, share: share)
                }
                return observer.ended(node, usage: usage)
            } catch let loss as WorkerLoss {
                process = nil
                if shouldStop() {
                    throw TaskFailure(cause: PipelineError(.interrupted, "", "stopped before it was done"), usage: loss.usage)
                }
                guard attempt < Self.attempts, !loss.wasSilent || order.work != .study else {
                    let tries = attempt == 1 ? "once" : "twice"
                    throw TaskFailure(
                        cause: PipelineError(.title, order.label, "the worker \(loss.reason); it was tried \(tries)"), usage: loss.usage)
                }
                observer.lost(
                    node, reason: "cannot \(order.label): the worker \(loss.reason); trying once more", usage: loss.usage)
            } catch let failure as TaskFailure {
                // One that was stopped has no process any more.
                if FailureReason.code(of: failure.cause) == .interrupted { process = nil }
                throw failure
            }
        }
    }

    // MARK: Bookkeeping

    /// The next task of a thread; waits for one. nil when there will be none.
    private func next(_ take: (inout TaskGraph) -> Int?) -> Int? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if shouldStop() { return nil }
            let (index, isOver) = state.withLock { state -> (Int?, Bool) in
                if let index = take(&state.graph) { return (index, false) }
                if state.graph.isFinished { return (nil, true) }
                guard state.graph.isStuck(fits: fits) else { return (nil, false) }
                state.outcome.postponed.formUnion(state.graph.remaining.map { nodes[$0].title })
                return (nil, true)
            }
            if let index { return index }
            if isOver { return nil }
            // A signal or a deadline wakes nobody: look again soon.
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
        }
    }

    private func finish(_ index: Int, _ body: () throws -> Void) {
        var failure: (any Error)?
        var usage: TaskUsage?
        do { try body() } catch let error as TaskFailure { (failure, usage) = (error.cause, error.usage) } catch { failure = error }
        if let failure { observer.failed(nodes[index], error: failure, usage: usage) }
        condition.lock()
        let isFirst = state.withLock { state in
            guard let failure else {
                state.graph.finish(index)
                return false
            }
            guard state.graph.fail(index) else { return false }
            state.outcome.failures[nodes[index].title] = failure
            return true
        }
        condition.broadcast()
        condition.unlock()
        if let failure, isFirst { onFailure(nodes[index], failure) }
    }
}
