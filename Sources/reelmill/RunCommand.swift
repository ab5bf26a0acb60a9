import ArgumentParser
import Foundation
import MediaModel
import Pipeline

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Makes, publishes and catalogues every title of a manifest that is not yet.")

    @Argument(help: "The manifest (YAML or JSON).") var manifest: String
    @Option(help: "This title alone.") var only: String?
    @Option(help: "Worker processes (default: usable cores, fewer where the memory would not hold them).") var workers: Int?
    @Option(help: "The work folder (default: .reelmill beside the manifest).") var work: String?
    @Flag(help: "Stop at the first title that fails.") var failFast = false
    @Flag(help: "Read every byte of the current versions, and make again what is damaged in the store.") var repair = false
    @Option(
        help: ArgumentHelp(
            "Begin nothing that would not end by then: 06:00, the next such local time, or 4h, 90m, 1h30m, 45s. What is left is exit status 75.",
            valueName: "time"))
    var deadline: String?
    @Option(help: "Lower the workers' priority by this much, 0 to 19.") var nice = 0
    @Option(help: ArgumentHelp("End a task that makes no progress for so long.", valueName: "seconds")) var taskTimeout = 600
    @Option(
        help: ArgumentHelp(
            "End a task that takes more memory, such as 4G or 800M (default: three times what the plan foretells, and 1 GiB).",
            valueName: "bytes"))
    var taskMemory: String?
    @Option(
        help: ArgumentHelp(
            "Make published titles anew that are outdated in this respect, oldest first, after what is due: libraries, presets, engine, "
                + "several with commas, or all, which may be left out.",
            valueName: "respect"))
    var refresh: String?
    @Option(help: ArgumentHelp("Spend no longer than this on it, such as 2h; the rest has its turn in later runs.", valueName: "time"))
    var refreshBudget: String?
    @Option(help: "Write events as NDJSON to a file, or to stdout with '-'.") var events: String?
    @Option(help: "Write the run's figures for Prometheus to a file, for the node exporter's textfile collector.") var metrics: String?
    @Flag(help: "Print failures only.") var quiet = false

    private static let leastMemory: Int64 = 64 << 20

    func validate() throws {
        if let workers, workers < 1 { throw ValidationError("--workers must be at least 1") }
        guard (0...19).contains(nice) else { throw ValidationError("--nice must be from 0 to 19") }
        guard taskTimeout > 0 else { throw ValidationError("--task-timeout must be at least 1") }
        if let taskMemory, ByteCount.parse(taskMemory) == nil {
            throw ValidationError("--task-memory '\(taskMemory)': write a number with K, M, G or T, such as 4G")
        }
        // Less holds no worker at all: a bare number is a slip of somebody who meant gigabytes.
        if let taskMemory, let bytes = ByteCount.parse(taskMemory), bytes < Self.leastMemory {
            throw ValidationError(
                "--task-memory '\(taskMemory)' is \(ByteCount.text(bytes)), less than any task takes; write at least 64M, such as 4G")
        }
        if let refresh, RunOptions.respects(refresh).isEmpty {
            throw ValidationError("--refresh '\(refresh)': write libraries, presets, engine or all")
        }
        if let refreshBudget, Deadline.length(refreshBudget) == nil {
            throw ValidationError("--refresh-budget '\(refreshBudget)': write a length such as 2h, 90m or 1h30m")
        }
        if let deadline, Deadline.parse(deadline, now: Date()) == nil {
            throw ValidationError("--deadline '\(deadline)': write a time such as 06:00, or a length such as 4h, 90m or 1h30m")
        }
    }

    func run() throws {
        Terminal.exiting {
            StopSignal.install()
            let log = try events.map { try EventLog(path: $0) }
            let printer = ProgressPrinter(isQuiet: quiet)
            var options = RunOptions(
                manifest: manifest, only: only, workers: workers, work: work, failFast: failFast,
                repairs: repair, deadline: deadline.flatMap { Deadline.parse($0, now: Date()) }, nice: nice, taskTimeout: taskTimeout,
                taskMemory: taskMemory.flatMap(ByteCount.parse))
            options.refresh = RunOptions.respects(refresh)
            options.refreshBudget = refreshBudget.flatMap(Deadline.length)
            let report: RunReport
            do {
                report = try Run.run(options) { event in
                    log?.write(event)
                    printer.show(event)
                }
            } catch {
                // Who looks in the morning must not find yesterday's figures.
                log?.write(error)
                leave(RunMetrics.text(stoppedWith: Terminal.exitStatus(of: error), manifest: manifest))
                throw error
            }
            leave(RunMetrics.text(report, manifest: manifest))
            return report.exitStatus
        }
    }

    /// Leaves the figures where they were asked for. What became of the titles does not depend on it, nor does the exit status.
    private func leave(_ figures: String) {
        guard let metrics else { return }
        do { try RunMetrics.write(figures, to: metrics) } catch {
            Terminal.say(": \(ErrorWords.line(error))", tag: ("warning", "33"))
        }
    }
}
