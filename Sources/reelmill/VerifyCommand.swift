import ArgumentParser
import Pipeline

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Reads every byte of a published package and holds it against its own checksums.")

    @Argument(help: "A version's folder, its https:// address, or s3://bucket/prefix/title/version.") var package: String
    @Option(help: "For s3://: address of a server that speaks Amazon's protocol (default: as the environment or the profile says).")
    var endpoint: String?
    @Option(help: ArgumentHelp("A file with certificates to trust.", valueName: "file")) var caBundle: String?

    func run() throws {
        Terminal.exiting {
            StopSignal.install()
            let (faults, summary) = try Verification.run(package, endpoint: endpoint, certificateBundle: caBundle)
            for fault in faults { Terminal.say("error: \(fault)") }
            Terminal.print(summary)
            return faults.isEmpty ? 0 : PipelineError.Code.title.exitStatus
        }
    }
}
