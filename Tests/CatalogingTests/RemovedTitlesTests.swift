import Cataloging
import Foundation
import GRDB
import MediaModel
import Testing

/// What a person took off is shown to nobody, and comes back only when a person says so.
@Suite struct RemovedTitlesTests {
    let scratch: Scratch
    let catalog: Catalog
    let reader: CatalogReader
    private let version = "0123456789abcdef"

    init() throws {
        scratch = try Scratch()
        catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        try catalog.publish(sampleEntry("day-train"))
        reader = try CatalogReader(url: scratch.url)
    }

    @Test func whatWasTakenOffIsNotListed() throws {
        #expect(try catalog.removeTitles(["night-train"], now: 7).map(\.kind) == [.changed])
        #expect(try reader.titles().map(\.id) == ["day-train"])
        #expect(try reader.titles(withRemoved: true).map(\.removedAt) == [nil, 7])
        #expect(try reader.title("night-train")?.removedAt == 7)
        #expect(try reader.removedTitles() == ["night-train": 7])
        #expect(try catalog.removeTitles(["night-train"], now: 9).map(\.kind) == [.unchanged])
        #expect(try reader.removedTitles() == ["night-train": 7])
        // Its rows are as they were, so that it can come back at once.
        #expect(try catalog.currentVersion(of: "night-train") == version)
        #expect(try catalog.restoreTitles(["night-train"]).map(\.kind) == [.changed])
        #expect(try reader.titles().count == 2)
        #expect(try catalog.restoreTitles(["night-train"]).map(\.kind) == [.unchanged])
    }

    @Test func oneThatNobodyKnowsHoldsUpNoOther() throws {
        #expect(try catalog.removeTitles(["nobody", "day-train"]).map(\.kind) == [.unknown, .changed])
        #expect(try reader.removedTitles().keys.sorted() == ["day-train"])
        #expect(try catalog.restoreTitles(["nobody"]).map(\.kind) == [.unknown])
    }

    @Test func aRunThatWasMakingItDoesNotBringItBack() throws {
        _ = try catalog.removeTitles(["night-train"])
        let error = catalogError { try catalog.publish(sampleEntry(version: secondVersion, previous: version)) }
        #expect(error?.code == .removed && error?.description.contains("catalog restore night-train") == true)
        #expect(try catalog.currentVersion(of: "night-train") == version)
    }

    @Test func itsLastVersionGoesAndItStaysOff() throws {
        try catalog.publish(sampleEntry(version: secondVersion, previous: version))
        _ = try catalog.removeTitles(["night-train"], now: 100)
        let removed = try catalog.versions(of: "night-train")
        #expect(removed.map(\.titleRemovedAt) == [100, 100])
        // The current one only once it is the last, and the time has come.
        #expect(try catalog.beginRemoval(of: "night-train", version: secondVersion, isSuperseded: true, titleRemovedBefore: 101) == nil)
        #expect(try catalog.beginRemoval(of: "night-train", version: version, isSuperseded: true, titleRemovedBefore: 101) == 1)
        #expect(try catalog.beginRemoval(of: "night-train", version: secondVersion, isSuperseded: true, titleRemovedBefore: 100) == nil)
        #expect(try catalog.beginRemoval(of: "night-train", version: secondVersion, isSuperseded: true) == nil)
        #expect(try catalog.beginRemoval(of: "night-train", version: secondVersion, isSuperseded: true, titleRemovedBefore: 101) == 1)
        #expect(try catalog.versions(of: "night-train").isEmpty)
        #expect(try reader.title("night-train") == nil)
        #expect(try catalog.isRemoved("night-train"))
        // The other title's people and series stay.
        #expect(try reader.title("day-train")?.metadata == nightTrain)
        try DatabaseQueue(path: scratch.file).read { db in try db.checkForeignKeys() }
        #expect(try catalog.removeTitles(["night-train"]).map(\.kind) == [.unchanged])
        let restored = try catalog.restoreTitles(["night-train"])
        #expect(restored.map(\.kind) == [.changed] && restored.allSatisfy(\.versions.isEmpty))
        try catalog.publish(sampleEntry(version: "00000000deadbeef"))
        #expect(try reader.titles().count == 2)
    }

    @Test func oneThatWasRestoredMeanwhileStays() throws {
        _ = try catalog.removeTitles(["night-train"], now: 100)
        _ = try catalog.restoreTitles(["night-train"])
        #expect(try catalog.beginRemoval(of: "night-train", version: version, isSuperseded: true, titleRemovedBefore: 101) == nil)
        _ = try catalog.removeTitles(["night-train"], now: 200)
        #expect(try catalog.beginRemoval(of: "night-train", version: version, isSuperseded: true, titleRemovedBefore: 101) == nil)
        #expect(try catalog.currentVersion(of: "night-train") == version)
    }

    @Test func whatIsKnownOfFilesElsewhereComesAndGoesWithTheTitle() throws {
        let one = CatalogRemoteFile(address: "https://host/a", addressHash: "aa", etag: "\"x\"", bytes: 5_000_000_000, sha256: "bb")
        let other = CatalogRemoteFile(
            address: "s3://bucket/key", addressHash: "cc", lastModified: "yesterday", version: "v", bytes: 2, sha256: "dd")
        try catalog.updateRemoteFiles([one, other], of: "night-train")
        #expect(try reader.remoteFiles(of: "night-train") == [one, other] && reader.remoteFiles(at: "cc") == [other])
        #expect(try catalog.remoteFiles(of: "day-train").isEmpty)
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file))
        try catalog.updateRemoteFiles([other, one], of: "night-train")
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file)) == before)
        try catalog.updateRemoteFiles([other], of: "night-train")
        try catalog.updateRemoteFiles([other], of: "nobody")
        #expect(try catalog.remoteFiles(of: "night-train") == [other])
    }
}
