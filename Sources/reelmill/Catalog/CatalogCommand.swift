import ArgumentParser

struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Reads the catalog, and takes versions back.",
        subcommands: [CatalogListCommand.self, CatalogShowCommand.self, CatalogRollbackCommand.self])
}
