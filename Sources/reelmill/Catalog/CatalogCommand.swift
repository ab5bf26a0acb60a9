import ArgumentParser

struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Reads the catalog.", subcommands: [CatalogListCommand.self, CatalogShowCommand.self])
}
