/// How far a task may go before its worker is ended.
package struct TaskLimits: Sendable {
    /// Seconds without a sign of progress.
    package var silence: Double
    /// Resident bytes of the worker.
    package var memory: Int64

    package init(silence: Double, memory: Int64) {
        self.silence = silence
        self.memory = memory
    }

    /// - Parameter task: to be carried out within these limits, or its own narrower one.
    func narrowed(for task: any EngineTask) -> TaskLimits {
        TaskLimits(silence: min(silence, task.hangTimeout ?? silence), memory: memory)
    }
}
