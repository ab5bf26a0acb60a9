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
            CatalogCommand.self, VerifyCommand.self, CleanupCommand.self,
        ])

    static func main() {
        StandardFiles.complete()
        let arguments = CommandLine.arguments.dropFirst()
        // What a run starts for itself is no subcommand: the manual page and the completions would show it to people.
        if arguments.first == WorkerCommand.configuration.commandName { return WorkerCommand.main(Array(arguments.dropFirst())) }
        refuseUnknown(arguments, of: Self.self)
        main(BareRefresh.completed(Array(arguments)))
    }

    /// A misspelt command gets the word that was meant; the parser would call it an unexpected argument.
    private static func refuseUnknown(_ arguments: ArraySlice<String>, of command: any ParsableCommand.Type) {
        let subcommands = command.configuration.subcommands
        guard !subcommands.isEmpty, let word = arguments.first, !word.hasPrefix("-"), word != "help" else { return }
        let names = subcommands.compactMap { $0.configuration.commandName }
        if let known = subcommands.first(where: { $0.configuration.commandName == word }) {
            return refuseUnknown(arguments.dropFirst(), of: known)
        }
        let group = command.configuration.commandName.map { $0 == configuration.commandName ? "" : "\($0) " } ?? ""
        let hint = NearestCommand.to(word, in: names).map { "did you mean '\($0)'?" } ?? "there are \(names.joined(separator: ", "))"
        Terminal.say("error: there is no command '\(group)\(word)'; \(hint)")
        Terminal.end(PipelineError.Code.usage.exitStatus)
    }
}
