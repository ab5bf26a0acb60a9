import ArgumentParser
import Foundation
import MediaModel
import Pipeline

struct CatalogListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the titles of a catalog, those that were taken off too.")

    @Option(help: "The catalog, such as sqlite:./catalog.sqlite.") var catalog = "sqlite:./catalog.sqlite"
    @Flag(help: "Print JSON.") var json = false

    private struct Document: Encodable {
        var formatVersion = 1
        var titles: [Title]
    }

    private struct Title: Encodable {
        var id: String
        /// Like all that follows, only while the title has files.
        var version: String?
        var duration: Rational?
        var location: String?
        var metadata: TitleMetadata?
        /// Only of a title that was taken off.
        var removedAt: String?

        init(_ entry: CatalogListing.Entry) {
            id = entry.id
            version = entry.summary?.version
            duration = entry.summary?.duration
            location = entry.summary?.location
            metadata = entry.summary?.metadata
            removedAt = entry.removedAt.map(TimeText.date)
        }
    }

    func run() throws {
        Terminal.exiting {
            var titles: [Title] = []
            try CatalogListing.titles(catalog: catalog) { page in
                if json {
                    titles += page.map(Title.init)
                } else {
                    for title in page { Terminal.print(Self.text(title)) }
                }
            }
            if json { Terminal.print(try CatalogListing.json(Document(titles: titles))) }
            return 0
        }
    }

    private static func text(_ title: CatalogListing.Entry) -> String {
        let removed = title.removedAt.map { "  (taken off \(TimeText.date($0)))" } ?? ""
        guard let summary = title.summary else { return "\(title.id)  no files\(removed)" }
        return "\(title.id)  \(summary.version)  \(summary.duration.rounded) s  \(summary.metadata.name)\(removed)"
    }
}
