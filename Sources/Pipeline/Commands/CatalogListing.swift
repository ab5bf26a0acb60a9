import Cataloging
import Foundation
package import MediaModel
import Planning

/// `catalog list` and `catalog show`: reads the catalog.
package enum CatalogListing {
    /// All titles by name, those that were taken off among them; then those of which only that is known any more.
    /// - Parameters:
    ///   - catalog: a catalog's URL.
    ///   - body: is given them page by page, so that a long list neither fills the memory nor holds anybody up.
    /// - Throws: `PipelineError`: `usage` for an address that is none, `unreachable` for a catalog that cannot be read.
    package static func titles(catalog: String, _ body: ([Entry]) -> Void) throws {
        try reading(catalog) { reader in
            var removed = try reader.removedTitles()
            var listing = try reader.listing(withRemoved: true)
            while let page = try listing.next() {
                for title in page { removed[title.id] = nil }
                body(page.map { Entry(id: $0.id, removedAt: $0.removedAt, summary: $0) })
            }
            body(removed.keys.sorted().map { Entry(id: $0, removedAt: removed[$0], summary: nil) })
        }
    }

    /// A title in the list.
    package struct Entry: Sendable {
        package var id: String
        /// Unix seconds; nil: it is shown.
        package var removedAt: Int64?
        /// nil: its files are gone, with all else that was known of it.
        package var summary: CatalogSummary?
    }

    /// - Throws: as `titles`, and `title` where the catalog does not have this one.
    package static func title(_ id: String, catalog: String) throws -> CatalogTitle {
        guard let title = try reading(catalog, { try $0.title(id) }) else {
            throw PipelineError(.title, "show '\(id)'", "the catalog has no title with this id")
        }
        return title
    }

    private static func reading<Answer>(_ catalog: String, _ body: (CatalogReader) throws -> Answer) throws -> Answer {
        // A catalog is a file so far: an address with a name in it is none, and may hold a password.
        let shown = ShownAddress.of(catalog)
        guard !ShownAddress.holdsName(catalog) else {
            throw PipelineError(.usage, "read the catalog '\(shown)'", "it must not hold a name and password; write sqlite:PATH")
        }
        do { return try body(CatalogReader(url: catalog)) } catch {
            throw PipelineError(FailureReason.code(of: error), "read the catalog '\(shown)'", "", underlying: error)
        }
    }

    /// One title as JSON, in the words of the catalog.
    package struct Document: Encodable, Sendable {
        var formatVersion = 1
        var id: String
        var metadata: TitleMetadata
        var version: String
        var location: String
        var duration: Rational
        var source: PackageSource
        var provenance: Provenance
        var renditions: [CatalogRendition]
        var audio: [CatalogAudioTrack]
        var text: [CatalogTextTrack]
        var images: [PackageImage]
        /// Only of a title that was taken off.
        var removedAt: Date?

        package init(_ title: CatalogTitle) {
            id = title.id
            metadata = title.metadata
            version = title.version.version
            location = title.version.location
            duration = title.version.duration
            source = title.version.source
            provenance = title.version.provenance
            renditions = title.version.renditions
            audio = title.version.audio
            text = title.version.text
            images = title.version.images
            removedAt = title.removedAt.map { Date(timeIntervalSince1970: Double($0)) }
        }
    }

    package static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: FormatVersionFirst.moved(in: Array(try encoder.encode(value))), as: UTF8.self)
    }
}
