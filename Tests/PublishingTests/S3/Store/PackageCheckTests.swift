import Foundation
import MediaModel
import Publishing
import TestSupport
import Testing

@Suite struct PackageCheckTests {
    let staged: StagedPackage

    init() throws {
        staged = try StagedPackage(files: StagedPackage.usualFiles.merging(["empty.vtt": ""]) { first, _ in first })
    }

    /// Serves the staged folder.
    func server() throws -> LoopbackServer {
        let folder = staged.folder
        return try LoopbackServer { request in
            guard let bytes = try? folder.bytes(of: String(request.path.dropFirst("/v/".count))) else { return .text(404, "") }
            return .answer(200, body: bytes)
        }
    }

    func spoil() throws {
        try staged.folder.write("ONE", to: "video/360p/00001.m4s")
        try staged.folder.write("longer", to: "video/360p/init.mp4")
        try FileManager.default.removeItem(atPath: staged.folder.file("index.m3u8"))
    }

    @Test func aWholePackageHasNoFault() throws {
        let folder = try PackageCheck(.folder(staged.path)).run()
        #expect(folder.faults.isEmpty && folder.files == 5)
        #expect(folder.title == "night-train" && folder.version == "0123456789abcdef")
        let server = try server()
        #expect(try PackageCheck(.web("\(server.url)/v/")).run() == folder)
    }

    @Test func everyFaultIsNamed() throws {
        try spoil()
        let faults = try PackageCheck(.folder(staged.path)).run().faults
        #expect(faults.map(\.path) == ["index.m3u8", "video/360p/00001.m4s", "video/360p/init.mp4"])
        #expect(faults[0].detail == "is not there")
        #expect(faults[1].detail.contains("SHA-256"))
        #expect(faults[2].detail == "has 6 bytes, but package.json says 4")
        let server = try server()
        #expect(try PackageCheck(.web("\(server.url)/v")).run().faults == faults)
    }

    @Test func aPlaceWithoutAPackageIsAnError() throws {
        #expect(throws: PublishingError.self) { try PackageCheck(.folder(staged.folder.file("video"))).run() }
        let server = try LoopbackServer { _ in .text(404, "") }
        #expect(throws: PublishingError.self) { try PackageCheck(.web(server.url)).run() }
    }

    @Test func aPackageInABucketIsReadWithItsEncodingUndone() throws {
        let bucket = try FakeBucket()
        var settings = S3Settings(bucket: "films", prefix: "a")
        settings.endpoint = bucket.server.url
        settings.gzip = true
        let store = try S3Store(settings, surroundings: FakeBucket.surroundings)
        _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        #expect(try store.holds(title: "night-train", version: "0123456789abcdef"))
        settings.prefix = "a/night-train/0123456789abcdef"
        #expect(try PackageCheck(.bucket(settings), surroundings: FakeBucket.surroundings).run().faults.isEmpty)
        bucket.put("a/night-train/0123456789abcdef/video/360p/00002.m4s", "TWO")
        #expect(
            try PackageCheck(.bucket(settings), surroundings: FakeBucket.surroundings).run().faults.map(\.path) == ["video/360p/00002.m4s"])
    }
}
