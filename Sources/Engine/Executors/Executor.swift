/// Where tasks are carried out: a scheduler hands tasks to it and knows nothing of processes or machines.
package protocol Executor: Sendable {
    /// Tasks that it can carry out at a time.
    var slots: Int { get }

    /// One of its slots, to be used by one thread.
    /// - Parameter number: from 1.
    func slot(_ number: Int) -> any ExecutorSlot
}

/// Carries out one task after another.
package protocol ExecutorSlot {
    /// Has a task carried out, and waits.
    /// - Parameters:
    ///   - shouldStop: asked often; true: the task is dropped.
    ///   - onProgress: told often: with the share of the task that is done, 0 to 1.
    /// - Throws: `ExecutorLoss` where whoever carried it out is gone, so that another try may succeed; `TaskFailure` with the task's own
    ///   failure, or `interrupted`.
    func perform(_ task: any EngineTask, shouldStop: () -> Bool, onProgress: (Double) -> Void) throws -> TaskUsage

    /// There is no task for it any more.
    func close()
}
