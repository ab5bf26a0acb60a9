import ArgumentParser
import Pipeline

/// What `run` starts for itself: not for people.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Carries out tasks for a run, from standard input.")

    @Option var work: String
    @Option var nice: Int32 = 0

    func run() throws { TaskWorker.run(work: work, nice: nice) }
}
