import ArgumentParser
import Pipeline

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Makes, publishes and catalogues every title of a manifest that is not yet.")

    @Argument(help: "The manifest (YAML or JSON).") var manifest: String
    @Option(help: "This title alone.") var only: String?
    @Option(help: "Encodes at a time (default: usable cores).") var workers: Int?
    @Option(help: "The work folder (default: .reelmill beside the manifest).") var work: String?
    @Flag(help: "Stop at the first title that fails.") var failFast = false
    @Option(help: "Write events as NDJSON to a file, or to stdout with '-'.") var events: String?
    @Flag(help: "Print failures only.") var quiet = false

    func validate() throws {
        if let workers, workers < 1 { throw ValidationError("--workers must be at least 1") }
    }

    func run() throws {
        Terminal.exiting {
            StopSignal.install()
            let log = try events.map { try EventLog(path: $0) }
            let printer = ProgressPrinter(isQuiet: quiet)
            let options = RunOptions(manifest: manifest, only: only, workers: workers, work: work, failFast: failFast)
            let report = try Run.run(options) { event in
                log?.write(event)
                printer.show(event)
            }
            return report.exitStatus
        }
    }
}
