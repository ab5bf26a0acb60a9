import Cataloging
import Foundation
package import MediaModel
import Planning

/// `catalog list` and `catalog show`: reads the catalog.
package enum CatalogListing {
    /// - Parameter catalog: a catalog's URL.
    /// - Throws: `PipelineError`: `usage` for an address that is none, `unreachable` for a catalog that cannot be read.
    package static func titles(catalog: String) throws -> [CatalogSummary] { try reading(catalog) { try $0.titles() } }

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
        }
    }

    package static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: FormatVersionFirst.moved(in: Array(try encoder.encode(value))), as: UTF8.self)
    }
}
