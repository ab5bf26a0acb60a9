import ArgumentParser
import Pipeline

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "plan", abstract: "Prints what a run would do, and does none of it.")

    @Argument(help: "The manifest (YAML or JSON).") var manifest: String
    @Option(help: "The work folder (default: .reelmill beside the manifest).") var work: String?
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        Terminal.exiting {
            StopSignal.install()
            let plan = try Plan.run(manifest: manifest, work: work, as: json ? .json : .table)
            Terminal.print(plan.text)
            return plan.isWhole ? 0 : PipelineError.Code.title.exitStatus
        }
    }
}
