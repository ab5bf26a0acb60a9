import ArgumentParser
import Pipeline

struct CatalogRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Shows titles again that were taken off.",
        discussion: "Of one whose files are gone, the next run makes them anew.")

    @Argument(help: "The titles' ids.") var ids: [String]
    @OptionGroup var home: CatalogHomeOptions

    func run() throws {
        Terminal.exiting { try home.change(.restore, ids) }
    }
}
