import ArgumentParser
import MediaModel
import Pipeline

struct CatalogListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the titles of a catalog.")

    @Option(help: "The catalog, such as sqlite:./catalog.sqlite.") var catalog = "sqlite:./catalog.sqlite"
    @Flag(help: "Print JSON.") var json = false

    private struct Document: Encodable {
        var formatVersion = 1
        var titles: [Title]
    }

    private struct Title: Encodable {
        var id: String
        var version: String
        var duration: Rational
        var location: String
        var metadata: TitleMetadata
    }

    func run() throws {
        Terminal.exiting {
            let titles = try CatalogListing.titles(catalog: catalog)
            if json {
                let rows = titles.map {
                    Title(id: $0.id, version: $0.version, duration: $0.duration, location: $0.location, metadata: $0.metadata)
                }
                Terminal.print(try CatalogListing.json(Document(titles: rows)))
            } else {
                for title in titles {
                    Terminal.print("\(title.id)  \(title.version)  \(title.duration.rounded) s  \(title.metadata.name)")
                }
            }
            return 0
        }
    }
}
