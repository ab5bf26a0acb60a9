import Engine
import Foundation

/// Carries tasks of `reelmill` out on this machine: what touches a source in worker processes, the rest in this process.
struct TaskRunner: Sendable {
    /// `reelmill` itself, which the workers are.
    var program: String
    /// Path of the work folder.
    var work: String
    var workers: Int
    /// Added to the workers' priority number; 0 to 19.
    var nice = 0
    var limits: TaskLimits
    /// The workers'.
    var environment: [String: String]

    /// Publications at the same time: one that is slow, or waits for a bucket that answers busy, does not hold the next title's up.
    private static let transfers = 2

    /// - Parameter performer: of the tasks of this process.
    func executors(_ performer: any TaskPerforming & Sendable) -> [TaskSite: any Executor] {
        [
            .worker: LocalExecutor(
                program: program, arguments: ["worker", "--work", work, "--nice", "\(nice)"], work: work, environment: environment,
                limits: limits, slots: workers),
            .process: InProcessExecutor(performer, slots: 1),
            .transfer: InProcessExecutor(performer, slots: Self.transfers),
        ]
    }

    /// Plans titles, for a command that is no run: nobody follows it.
    func plan(_ nodes: [TaskNode], _ performer: PlanPerformer) -> Scheduler.Outcome {
        let costs = CostEstimates()
        let board = ProgressBoard(journal: nil, costs: costs, workers: workers, onEvent: { _ in })
        return Scheduler.run(
            nodes, Scheduler.Settings(executors: executors(performer), costs: costs), observer: board,
            shouldStop: { StopSignal.isRaised })
    }
}

extension TaskRunner {
    /// For a command that is no run: with all cores, and as much memory as there is.
    init(program: String, work: String, environment: [String: String]) {
        self.init(
            program: program, work: work, workers: MachineLimits.cores,
            limits: TaskLimits(silence: 600, memory: MachineLimits.memory ?? 8 << 30), environment: environment)
    }
}
