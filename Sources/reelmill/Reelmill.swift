import ArgumentParser
import Pipeline

@main
struct Reelmill: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reelmill",
        abstract: "Turns a manifest of source videos into published, catalogued streaming titles.",
        discussion: """
            Exit status: 0 all done, 1 a title, file or package failed, 64 usage, 65 a manifest or preset is wrong, 69 a store or catalog \
            cannot be reached, 70 internal error, 74 disk full, 75 another run holds the lock or the deadline came (run again later), \
            130 interrupted.
            """,
        version: Versions.text,
        subcommands: [
            ValidateCommand.self, PlanCommand.self, RunCommand.self, StatusCommand.self, ProbeCommand.self, SchemaCommand.self,
            CatalogCommand.self, VerifyCommand.self, CleanupCommand.self, WorkerCommand.self,
        ])

    static func main() {
        StandardFiles.complete()
        main(nil)
    }
}
