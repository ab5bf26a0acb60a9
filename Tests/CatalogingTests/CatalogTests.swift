import Cataloging
import Foundation
import GRDB
import MediaModel
import Testing

@Suite struct CatalogTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func publishedTitleIsCurrentAndReadsBackWhole() throws {
        let catalog = try Catalog(url: scratch.url)
        #expect(try catalog.currentVersion(of: "night-train") == nil)
        let entry = sampleEntry()
        try catalog.publish(entry)
        #expect(try catalog.currentVersion(of: "night-train") == "0123456789abcdef")

        let title = try #require(try CatalogReader(url: scratch.url).title("night-train"))
        #expect(title.metadata == nightTrain)
        #expect(title.version.duration == Rational(549 * 1001, 30000))
        #expect(title.version.source == entry.package.source)
        #expect(title.version.provenance == entry.package.provenance)
        #expect(title.version.images == entry.package.images)
        #expect(title.version.renditions.map(\.frameRate) == [Rational(30000, 1001)])
        #expect(title.version.renditions.map(\.bitRate) == [nil])
        #expect(title.version.audio.map(\.label) == ["English"])
        #expect(title.version.text.map(\.role) == [.captions])
        #expect(title.version.location == "file:///store/night-train/0123456789abcdef")
        #expect(title.version.publishedAt == 1_700_000_000)
        #expect(title.version.cpuSeconds == 12.5)
    }

    @Test func newVersionTakesOverAndTheOldOneStaysKnown() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        try catalog.publish(sampleEntry(version: secondVersion, previous: "0123456789abcdef"))
        let reader = try CatalogReader(url: scratch.url)
        #expect(try reader.title("night-train")?.version.version == secondVersion)
        #expect(try reader.location(of: "night-train", version: "0123456789abcdef") == "file:///store/night-train/0123456789abcdef")
    }

    @Test func aVersionThatLiesElsewhereIsFoundThereAndOthersStay() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        try catalog.publish(sampleEntry(version: secondVersion, previous: "0123456789abcdef"))
        #expect(try catalog.relocate("night-train", version: secondVersion, to: "https://cdn/night-train/2"))
        #expect(try !catalog.relocate("night-train", version: secondVersion, to: "https://cdn/night-train/2"))
        #expect(try !catalog.relocate("night-train", version: "ffffffffffffffff", to: "https://cdn/night-train/3"))
        let reader = try CatalogReader(url: scratch.url)
        #expect(try reader.title("night-train")?.version.location == "https://cdn/night-train/2")
        #expect(try reader.location(of: "night-train", version: "0123456789abcdef") == "file:///store/night-train/0123456789abcdef")
    }

    @Test func runThatWasOvertakenFailsAndChangesNothing() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        var late = sampleEntry(version: secondVersion, previous: nil)
        late.metadata.name = "Late"
        let error = catalogError { try catalog.publish(late) }
        #expect(error?.code == .conflict)
        #expect(error?.description.contains("night-train") == true)
        let title = try CatalogReader(url: scratch.url).title("night-train")
        #expect(title?.metadata.name == "Night Train")
        #expect(title?.version.version == "0123456789abcdef")
    }

    @Test func expectingAVersionWhereThereIsNoneIsAConflict() throws {
        let catalog = try Catalog(url: scratch.url)
        #expect(catalogError { try catalog.publish(sampleEntry(previous: secondVersion)) }?.code == .conflict)
        #expect(try CatalogReader(url: scratch.url).titles().isEmpty)
    }

    @Test func publishingAKnownVersionAgainKeepsOneSetOfRowsWithTheNewestFacts() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        try catalog.publish(sampleEntry(version: secondVersion, previous: "0123456789abcdef"))
        var again = sampleEntry(previous: secondVersion)
        again.location = "file:///elsewhere/night-train/0123456789abcdef"
        again.cpuSeconds = 0.5
        again.package.renditions[0].bandwidth = 2_900_000
        try catalog.publish(again)
        let version = try #require(try CatalogReader(url: scratch.url).title("night-train")?.version)
        #expect(version.version == "0123456789abcdef")
        #expect(version.location.hasPrefix("file:///elsewhere/"))
        #expect(version.cpuSeconds == 12.5)
        #expect(version.renditions.map(\.bandwidth) == [2_900_000])
        #expect(version.audio.count == 1 && version.text.count == 1 && version.images.count == 2)
    }

    @Test func sameRunTwiceIsNoConflict() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        try catalog.publish(sampleEntry())
        #expect(try CatalogReader(url: scratch.url).titles().count == 1)
    }

    @Test func metadataAloneChangesInPlace() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        var changed = nightTrain
        changed.genres = ["thriller", "crime", "thriller"]
        changed.people = [Person(name: "C. New", role: "cast")]
        changed.series = nil
        changed.year = nil
        #expect(try catalog.updateMetadata(changed, of: "night-train"))
        changed.genres = ["thriller", "crime"]
        #expect(try CatalogReader(url: scratch.url).title("night-train")?.metadata == changed)
        #expect(try count("people") == 1)
        #expect(try count("genres") == 2)
        #expect(try count("series") == 0)
    }

    @Test func unchangedMetadataWritesNothing() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file))
        #expect(try catalog.updateMetadata(nightTrain, of: "night-train") == false)
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file)) == before)
    }

    @Test func peopleSharedWithAnotherTitleStay() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        try catalog.publish(sampleEntry("day-train"))
        #expect(try catalog.updateMetadata(TitleMetadata(name: "Day Train", kind: .clip), of: "day-train"))
        #expect(try CatalogReader(url: scratch.url).title("night-train")?.metadata == nightTrain)
        #expect(try count("people") == 2)
    }

    @Test func metadataOfAnUnknownTitleIsAnError() throws {
        let catalog = try Catalog(url: scratch.url)
        #expect(catalogError { _ = try catalog.updateMetadata(nightTrain, of: "nobody") }?.code == .unknownTitle)
    }

    @Test func journalIsARollbackJournal() throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["catalog.sqlite"])
        let header = try Data(contentsOf: URL(fileURLWithPath: scratch.file)).prefix(20)
        #expect(header[18] == 1 && header[19] == 1)  // 2 would be WAL
    }

    @Test func writerThatHoldsTheLockIsNamedAfterTheWait() throws {
        let catalog = try Catalog(url: scratch.url, busyTimeout: 0)
        let other = try DatabaseQueue(path: scratch.file)
        try other.inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            let error = catalogError { try catalog.publish(sampleEntry()) }
            #expect(error?.code == .locked)
            try db.execute(sql: "ROLLBACK")
        }
        try catalog.publish(sampleEntry())
    }

    private func count(_ table: String) throws -> Int? {
        try DatabaseQueue(path: scratch.file).read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table)") }
    }
}
