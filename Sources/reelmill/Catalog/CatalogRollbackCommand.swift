import ArgumentParser
import Pipeline

struct CatalogRollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Makes an earlier version of a title current; its files are where they were.")

    @Argument(help: "The title's id.") var id: String
    @Option(help: "The version to go back to (default: the one that was current before, and was not taken back).") var to: String?
    @Option(help: "The catalog, such as sqlite:./catalog.sqlite (the default).") var catalog: String?
    @Option(
        help: ArgumentHelp(
            "Instead of --catalog: the title's manifest, for a store that not everybody may read, and to purge the CDN.",
            valueName: "file")) var manifest: String?
    @Option(help: "With --manifest: the work folder, whose next run tells a CDN that does not listen now (default: .reelmill beside it).")
    var work: String?

    func validate() throws {
        if work != nil, manifest == nil { throw ValidationError("Please give --work with --manifest; a catalog alone tells no CDN.") }
        if catalog != nil, manifest != nil { throw ValidationError("Please give --catalog or --manifest, not both.") }
    }

    func run() throws {
        Terminal.exiting {
            StopSignal.install()
            let home: CatalogHome = manifest.map { .manifest($0, work: work) } ?? .catalog(catalog ?? "sqlite:./catalog.sqlite")
            let outcome = try Rollback.run(id, to: to, at: home)
            Terminal.print("\(id): version \(outcome.version) is current, in \(outcome.location)")
            if let warning = outcome.warning { Terminal.say("warning: \(warning)") }
            return 0
        }
    }
}
