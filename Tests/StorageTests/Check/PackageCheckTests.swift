import Foundation
import MediaModel
import S3
import TestSupport
import Testing

@testable import Storage

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
        let served = try PackageCheck(.web("\(server.url)/v")).run().faults
        #expect(served.prefix(2) == faults.prefix(2))
        // What is longer than it may be is not even brought here.
        #expect(served.last?.description == "video/360p/init.mp4: has more bytes than the 4 that package.json says")
    }

    @Test func aWrongServerDoesNotFillTheDisk() throws {
        let server = try LoopbackServer { _ in .answer(200, body: [UInt8](repeating: 1, count: 8 << 20)) }
        let bucket = try FakeBucket()
        bucket.put("v/large", String(repeating: "x", count: 8 << 20))
        var settings = S3Settings(bucket: "films", prefix: "v")
        settings.endpoint = bucket.server.url
        let readers: [any PackageReader] = [
            try WebReader(url: server.url, certificateBundle: nil, isStopped: { false }),
            BucketReader(client: try S3Client(settings, FakeBucket.surroundings), prefix: "v"),
        ]
        let file = staged.folder.file("brought")
        for reader in readers {
            let error = #expect(throws: TransferError.self) { try reader.read("large", limit: 1 << 20, into: file) }
            #expect(error?.code == .tooLarge)
            #expect((try? staged.folder.bytes(of: "brought").count) ?? 0 <= 1 << 20)
        }
    }

    @Test func aPlaceWithoutAPackageIsAnError() throws {
        #expect(throws: TransferError.self) { try PackageCheck(.folder(staged.folder.file("video"))).run() }
        let server = try LoopbackServer { _ in .text(404, "") }
        #expect(throws: TransferError.self) { try PackageCheck(.web(server.url)).run() }
    }

    @Test(arguments: [404, 403, 200]) func aNameAndPasswordInAnAddressStayThere(status: Int) throws {
        let server = try LoopbackServer { _ in .text(status, "no package") }
        let address = server.url.replacing("://", with: "://me:secret@")
        let error = #expect(throws: TransferError.self) { try PackageCheck(.web("\(address)/v")).run() }
        #expect(error?.description.contains("\(server.url)/v/package.json") == true && error?.description.contains("secret") == false)
    }

    @Test func whereNobodyAnswersNoPasswordIsShownEither() throws {
        let reader = try WebReader(url: "https://me:secret@127.0.0.1:1/v?key=secret", certificateBundle: nil, isStopped: { false })
        let file = staged.folder.file("brought")
        let error = #expect(throws: TransferError.self) { try reader.read("package.json", limit: 100, into: file) }
        #expect(error?.description.contains("https://127.0.0.1:1/v/package.json") == true)
        #expect(error?.description.contains("secret") == false)
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
