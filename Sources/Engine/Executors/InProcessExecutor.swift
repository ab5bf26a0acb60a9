/// Carries tasks out in this process, each on the thread that asks: what is quick, and what mostly waits.
package struct InProcessExecutor: Executor {
    package let slots: Int
    private let performer: any TaskPerforming & Sendable

    package init(_ performer: any TaskPerforming & Sendable, slots: Int) {
        self.performer = performer
        self.slots = slots
    }

    package func slot(_ number: Int) -> any ExecutorSlot { Slot(performer: performer) }

    private struct Slot: ExecutorSlot {
        let performer: any TaskPerforming & Sendable

        func perform(_ task: any EngineTask, shouldStop: () -> Bool, onProgress: (Double) -> Void) throws -> TaskUsage {
            let start = Monotonic.seconds
            try performer.perform(task) { share in
                if let share { onProgress(share) }
            }
            return TaskUsage(cpuSeconds: 0, wallSeconds: Monotonic.seconds - start, peakBytes: 0)
        }

        func close() {}
    }
}
