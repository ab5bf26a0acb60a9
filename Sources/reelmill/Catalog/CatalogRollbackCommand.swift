import ArgumentParser
import Pipeline

struct CatalogRollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Makes an earlier version of a title current; its files are where they were.")

    @Argument(help: "The title's id.") var id: String
    @Option(help: "The version to go back to (default: the one before the current one).") var to: String?
    @Option(help: "The catalog, such as sqlite:./catalog.sqlite.") var catalog = "sqlite:./catalog.sqlite"

    func run() throws {
        Terminal.exiting {
            let (version, location) = try Rollback.run(id, to: to, catalog: catalog)
            Terminal.print("\(id): version \(version) is current, in \(location)")
            return 0
        }
    }
}
