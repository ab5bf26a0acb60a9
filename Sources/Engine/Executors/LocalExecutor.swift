/// Carries tasks out in worker processes of this machine: keeps one for each slot, and starts another where one dies.
package struct LocalExecutor: Executor {
    package let slots: Int
    private let settings: WorkerProcess.Settings
    private let limits: TaskLimits

    /// - Parameters:
    ///   - program: is started with the arguments, and calls `Worker.run`.
    ///   - work: path of the work folder, where its standard error is kept.
    ///   - environment: all of it.
    package init(
        program: String, arguments: [String], work: String, environment: [String: String], limits: TaskLimits, slots: Int
    ) {
        settings = WorkerProcess.Settings(program: program, arguments: arguments, work: work, environment: environment)
        self.limits = limits
        self.slots = slots
    }

    package func slot(_ number: Int) -> any ExecutorSlot { Slot(number, settings, limits) }

    private final class Slot: ExecutorSlot {
        private let number: Int
        private let settings: WorkerProcess.Settings
        private let limits: TaskLimits
        private var process: WorkerProcess?

        init(_ number: Int, _ settings: WorkerProcess.Settings, _ limits: TaskLimits) {
            self.number = number
            self.settings = settings
            self.limits = limits
        }

        func perform(_ task: any EngineTask, shouldStop: () -> Bool, onProgress: (Double) -> Void) throws -> TaskUsage {
            let worker = try process ?? WorkerProcess(settings, number: number)
            process = worker
            do {
                return try worker.perform(task, limits: limits.narrowed(for: task), shouldStop: shouldStop, onProgress: onProgress)
            } catch {
                if worker.hasEnded { process = nil }
                throw error
            }
        }

        func close() { process?.shutDown() }
    }
}
