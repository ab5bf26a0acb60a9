import Foundation

import TestSupport
import Testing

@testable import S3
@testable import Storage

/// What runs that never ended have left is found and removed alike, whatever the store.
@Suite struct RemnantTests {
    private let version = "0123456789abcdef"
    private let yesterday = Date(timeIntervalSinceNow: -86_400)

    @Test func aFoldersOldOnesGo() throws {
        let disk = try TemporaryFolder()
        for name in ["old", "new"] { try disk.write("half", to: "store/one/.\(version).partial-\(name)/1.m4s") }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: disk.file("store/one/.\(version).partial-old"))
        let store: any PackageStore = FolderStore(root: disk.file("store"))
        let remnants = try store.remnants(of: ["one", "nobody"], before: yesterday)
        #expect(remnants.map(\.description) == ["leftover one/.\(version).partial-old, last written 1970-01-01T00:00:00Z"])
        // One of another kind of store is nothing that a folder knows.
        for remnant in remnants + [.upload(UnfinishedUpload(key: "k", uploadID: "u", initiated: nil))] { try store.remove(remnant) }
        #expect(try disk.listing() == ["store/one/.\(version).partial-new/1.m4s", "store/one/.lock"])
        try store.demandWritable("one")
        try store.demandReadersAddress()
    }

    @Test func aBucketsOldOnesGo() throws {
        let bucket = try FakeBucket()
        let id = bucket.begin("one/\(version)/large.mp4", parts: [:])
        let store: any PackageStore = try bucket.store()
        let remnants = try store.remnants(of: ["one"], before: yesterday)
        #expect(remnants.map(\.description) == ["upload one/\(version)/large.mp4 \(id), begun 2020-01-01T00:00:00Z"])
        for remnant in remnants + [.leftover(Leftover(title: "one", name: version, changedAt: yesterday))] { try store.remove(remnant) }
        #expect(try store.remnants(of: ["one"], before: yesterday).isEmpty)
        try store.demandWritable("one")
    }

    @Test func anUploadWhoseAgeNobodyTellsIsShownAllTheSame() {
        let upload = UnfinishedUpload(key: "k", uploadID: "u", initiated: nil)
        #expect(Remnant.upload(upload).description == "upload k u, begun some time ago")
    }
}
