import Cataloging
import Foundation
import MediaModel
import Testing

@Suite struct MetadataRowsTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Everything that can change about a title, one at a time.
    static let changes: [@Sendable (inout TitleMetadata) -> Void] = [
        { $0.name = "Other" }, { $0.kind = .movie }, { $0.year = 1999 }, { $0.year = nil }, { $0.synopsis = nil }, { $0.synopsis = "" },
        { $0.maturity = 0 }, { $0.maturity = nil }, { $0.language = "fr-CA" }, { $0.language = nil }, { $0.genres = [] },
        { $0.genres.reverse() }, { $0.people = [] }, { $0.people.reverse() }, { $0.people[0].role = "producer" }, { $0.series = nil },
        { $0.series?.name = "Nights" }, { $0.series?.season = 2 }, { $0.series?.episode = 3 }, { $0.series?.id = "nights" },
    ]

    @Test func everyChangeIsSeenWrittenAndThenNoChange() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        let reader = try CatalogReader(url: scratch.url)
        for (number, change) in Self.changes.enumerated() {
            var wanted = nightTrain
            change(&wanted)
            #expect(try catalog.updateMetadata(wanted, of: "night-train"), "change \(number)")
            #expect(try reader.title("night-train")?.metadata == wanted, "change \(number)")
            #expect(try catalog.updateMetadata(wanted, of: "night-train") == false, "change \(number)")
            #expect(try catalog.updateMetadata(nightTrain, of: "night-train"), "change \(number)")
        }
    }

    @Test func seriesIsRenamedForAllItsTitles() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        try catalog.publish(sampleEntry("day-train"))
        var renamed = nightTrain
        renamed.series?.name = "Nights"
        #expect(try catalog.updateMetadata(renamed, of: "night-train"))
        #expect(try CatalogReader(url: scratch.url).title("day-train")?.metadata.series?.name == "Nights")
    }

    @Test func textOfAnyKindComesBackAsItWas() throws {
        let catalog = try Catalog(url: scratch.url)
        let odd = TitleMetadata(
            name: "1917'; DROP TABLE titles; --", kind: .movie, synopsis: "Zeile\n\"zwei\" – 三 😀", genres: ["no", "007"],
            people: [Person(name: "É", role: "")], language: "no")
        try catalog.publish(sampleEntry(metadata: odd))
        let reader = try CatalogReader(url: scratch.url)
        #expect(try reader.title("night-train")?.metadata == odd)
        #expect(try reader.titles().map(\.metadata) == [odd])
    }
}

@Suite struct VersionRowsTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func orderOfTracksAndImagesIsThePackages() throws {
        var entry = sampleEntry()
        let package = entry.package
        entry.package.renditions = ["1080p", "720p", "360p"].map { name in
            var rendition = package.renditions[0]
            (rendition.name, rendition.bitRate) = (name, 5_000_000)
            return rendition
        }
        entry.package.audio = ["fr", "en", "de"].map { name in
            var track = package.audio[0]
            (track.name, track.isDefault) = (name, name == "en")
            return track
        }
        entry.package.provenance.libraries = ["libx264", "libavcodec"].map { LibraryIdentity(name: $0, version: "1", buildID: "") }
        try Catalog(url: scratch.url).publish(entry)
        let version = try #require(try CatalogReader(url: scratch.url).title("night-train")?.version)
        #expect(version.renditions.map(\.name) == ["1080p", "720p", "360p"])
        #expect(version.renditions.map(\.bitRate) == [5_000_000, 5_000_000, 5_000_000])
        #expect(version.audio.map(\.name) == ["fr", "en", "de"])
        #expect(version.audio.map(\.isDefault) == [false, true, false])
        #expect(version.provenance.libraries.map(\.name) == ["libx264", "libavcodec"])
    }

    @Test func titleOfSoundAloneHasNoRenditions() throws {
        var entry = sampleEntry()
        entry.package.renditions = []
        entry.package.images = []
        entry.package.text = []
        try Catalog(url: scratch.url).publish(entry)
        let version = try #require(try CatalogReader(url: scratch.url).title("night-train")?.version)
        #expect(version.renditions.isEmpty && version.images.isEmpty && version.text.isEmpty)
        #expect(version.audio.map(\.codec) == [.aac])
    }
}
