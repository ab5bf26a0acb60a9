import ArgumentParser

struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Reads the catalog, takes titles off, and takes versions back.",
        subcommands: [
            CatalogListCommand.self, CatalogShowCommand.self, CatalogRemoveCommand.self, CatalogRestoreCommand.self,
            CatalogRollbackCommand.self, CatalogRebuildCommand.self,
        ])
}
