import ArgumentParser
import MediaModel
import Pipeline

struct CatalogShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a title of a catalog.")

    @Argument(help: "The title's id.") var id: String
    @Option(help: "The catalog, such as sqlite:./catalog.sqlite.") var catalog = "sqlite:./catalog.sqlite"
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        Terminal.exiting {
            let title = try CatalogListing.title(id, catalog: catalog)
            Terminal.print(json ? try CatalogListing.json(CatalogListing.Document(title)) : Self.text(title))
            return 0
        }
    }

    private static func text(_ title: CatalogTitle) -> String {
        let version = title.version
        var lines = [
            "\(title.id): \(title.metadata.name)\(title.metadata.year.map { " (\($0))" } ?? ""), \(title.metadata.kind.rawValue)",
            "version \(version.version), \(version.duration.rounded) s, in \(version.location)",
        ]
        if let removedAt = title.removedAt { lines.append("taken off \(TimeText.date(removedAt))") }
        lines += version.renditions.map { "video \($0.name): \($0.codecs) \($0.width)x\($0.height), \($0.averageBandwidth / 1000) kb/s" }
        lines += version.audio.map { "audio \($0.name): \($0.language) \($0.label)" }
        lines += version.text.map { "text \($0.name): \($0.language) \($0.label)" }
        return lines.joined(separator: "\n")
    }
}
