import ArgumentParser
import Pipeline

struct CatalogRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Takes titles off at once; no run publishes them until they are restored.",
        discussion: "Their files stay where they are until 'reelmill gc' removes them, keep_days later.")

    @Argument(help: "The titles' ids.") var ids: [String]
    @OptionGroup var home: CatalogHomeOptions

    func run() throws {
        Terminal.exiting { try home.change(.remove, ids) }
    }
}
