import Curl
import Foundation
import MediaModel
import S3
import TestSupport
import Testing

@testable import Fetching

@Suite struct FetchTests {
    private static let surroundings = Surroundings(
        environment: ["AWS_ACCESS_KEY_ID": "KEY", "AWS_SECRET_ACCESS_KEY": "geheim", "AWS_EC2_METADATA_DISABLED": "true"], home: "/nowhere")

    private static let content = (0..<95).map { UInt8($0) }
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func reader(_ url: String) throws -> AddressReader {
        var policy = RetryPolicy()
        policy.attempts = 2
        policy.base = 0.01
        return AddressReader(url: url, requests: PlainRequests(client: try HTTPClient(), policy: policy))
    }

    private func fetch(
        _ server: RangeServer, isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws -> (identity: RemoteIdentity, sha256: String) {
        let reader = try reader("\(server.server.url)/film.mov?token=secret")
        let identity = try reader.look()
        return try Fetch(reader: reader, file: folder.file("film.mov"), isStopped: isStopped, pieceBytes: 10).run(identity)
    }

    private func check(_ expected: [UInt8], _ came: (identity: RemoteIdentity, sha256: String)) throws {
        #expect(try folder.bytes(of: "film.mov") == expected)
        #expect(came.sha256 == Digest.hexSHA256(expected) && came.identity.bytes == Int64(expected.count))
        #expect(try folder.listing() == ["film.mov"])
    }

    @Test func partsBecomeTheFile() throws {
        let server = try RangeServer(.init(content: Self.content))
        try check(Self.content, try fetch(server))
        #expect(server.ranges.count == 10 && server.ranges.first == "bytes=0-9" && server.ranges.contains("bytes=90-94"))
        for request in server.server.requests where request.method == "GET" {
            #expect(request.headers["if-match"] == "\"one\"" && request.headers["if-range"] == "\"one\"")
        }
    }

    @Test(arguments: [0, 1, 10, 11])
    func anySizeIsRight(bytes: Int) throws {
        let content = Array(Self.content.prefix(bytes))
        try check(content, try fetch(try RangeServer(.init(content: content))))
    }

    @Test func anObjectWithVersionsTakesNoRightToNameThem() throws {
        let server = try RangeServer(.init(content: Self.content, version: "v1"))
        var settings = S3Settings(bucket: "masters")
        settings.endpoint = server.server.url
        let reader = ObjectReader(key: "film.mov", client: try S3Client(settings, Self.surroundings))
        let identity = try reader.look()
        #expect(identity.version == "v1")
        let fetch = Fetch(reader: reader, file: folder.file("film.mov"), isStopped: { false }, pieceBytes: 10)
        try check(Self.content, try fetch.run(identity))
        #expect(server.server.requests.filter { $0.method == "GET" }.allSatisfy { $0.headers["if-match"] == "\"one\"" })
    }

    /// Before it has written anything where only the part belongs.
    @Test(arguments: ["", "bytes 0-9/95", "bytes 10-18/95"]) func whatIsNotThePartIsNotTaken(_ range: String) throws {
        let headers = range.isEmpty ? [:] : ["Content-Range": range]
        let server = try LoopbackServer { [content = Self.content] _ in
            .answer(range.isEmpty ? 200 : 206, headers: headers, body: content)
        }
        var settings = S3Settings(bucket: "masters")
        settings.endpoint = server.url
        let object = ObjectReader(key: "film.mov", client: try S3Client(settings, Self.surroundings))
        for reader in [object, try reader("\(server.url)/film.mov")] as [any RemoteReader] {
            let error = #expect(throws: TransferError.self) {
                try reader.read(10..<20, of: RemoteIdentity(bytes: 95), into: folder.file("film.mov"))
            }
            #expect(error?.code == .changed)
        }
        #expect(try folder.listing().isEmpty && server.requests.count == 2)
    }

    @Test func aServerWithoutRangesIsReadInOneStream() throws {
        let server = try RangeServer(.init(content: Self.content, knowsRanges: false))
        try check(Self.content, try fetch(server))
        #expect(server.ranges.count == 1)
    }

    @Test func withoutAMarkItIsReadInOneStream() throws {
        let server = try RangeServer(.init(content: Self.content, etag: nil))
        let came = try fetch(server)
        try check(Self.content, came)
        #expect(server.ranges == [""] && !came.identity.isFirm)
    }

    @Test(arguments: [true, false], [1, 3, 9])
    func aFileThatChangesIsBegunAnewAndNeverMixed(knowsConditions: Bool, after: Int) throws {
        let server = try RangeServer(.init(content: Self.content, knowsConditions: knowsConditions, changesAfter: after))
        try check(Self.content.map { $0 &+ 1 }, try fetch(server))
    }

    @Test func onlyWhatIsMissingIsAskedForAgain() throws {
        let server = try RangeServer(.init(content: Self.content))
        server.change { $0.stallsAfter = 3 }
        let file = folder.file("film.mov.partial.json")
        @Sendable func state() -> FetchState? {
            FileManager.default.contents(atPath: file).flatMap { try? JSONDecoder().decode(FetchState.self, from: $0) }
        }
        // The server gives three parts and none after them: it is stopped when they are noted and each thread waits for another.
        #expect(throws: TransferError.self) { try fetch(server) { state()?.missing.count == 7 && server.ranges.count >= 3 + 4 } }
        server.change { $0.stallsAfter = nil }
        let there = try #require(state())
        let before = server.ranges.count
        try check(Self.content, try fetch(server))
        let missing = there.missing.map(there.range).map { "bytes=\($0.lowerBound)-\($0.upperBound - 1)" }
        #expect(Set(server.ranges.dropFirst(before)) == Set(missing) && missing.count == 7)
    }

    @Test func whatWasFetchedOfAnotherFileIsNotGoneOnWith() throws {
        let server = try RangeServer(.init(content: Self.content))
        var state = FetchState(RemoteIdentity(bytes: 95, etag: "\"older\""), pieceBytes: 10)
        state.finish(0)
        try folder.write([UInt8](repeating: 9, count: 95), to: "film.mov.partial")
        try folder.write(try JSONEncoder().encode(state), to: "film.mov.partial.json")
        try check(Self.content, try fetch(server))
    }

    @Test(arguments: [403, 405, 501]) func anAddressThatIsForGETAloneIsRead(_ status: Int) throws {
        let server = try RangeServer(.init(content: Self.content, headStatus: status))
        try check(Self.content, try fetch(server))
    }

    /// What tells it from another file is in the head of an answer whose body nobody waits for.
    @Test func aServerWithNeitherHEADNorRangesStillTellsWhatTheFileIs() throws {
        let content = [UInt8](repeating: 7, count: 4 << 20)
        let server = try RangeServer(.init(content: content, knowsRanges: false, headStatus: 405))
        let came = try fetch(server)
        try check(content, came)
        #expect(came.identity.isFirm && came.identity.etag == "\"one\"")
    }

    @Test func aRefusalTellsStatusAndCodeInOneLine() throws {
        let body = "<Error><Code>AccessDenied</Code><Message>Not\nyou</Message></Error>"
        for (refusal, words) in [((403, body), "status 403 AccessDenied: Not you"), ((404, "<html>"), "status 404")] {
            let server = try RangeServer(.init(content: [], headStatus: refusal.0, refusal: (status: refusal.0, body: refusal.1)))
            do {
                _ = try fetch(server)
                Issue.record("it came")
            } catch let error as TransferError {
                #expect(error.detail == words && !error.description.contains("secret"))
            }
        }
    }

    /// What came earlier is taken then, as where nobody answers.
    @Test(arguments: [408, 425, 429, 503]) func aServerThatIsTooBusyIsDown(_ status: Int) throws {
        let server = try RangeServer(.init(content: [], headStatus: status, refusal: (status: status, body: "")))
        let error = #expect(throws: TransferError.self) { try reader("\(server.server.url)/film.mov").look() }
        #expect(error?.code == .unreachable && error?.detail == "status \(status)")
    }

    @Test func whatDoesNotFitLeavesNothing() throws {
        let server = try RangeServer(.init(content: Self.content))
        let reader = try reader("\(server.server.url)/film.mov")
        let fetch = Fetch(reader: reader, file: folder.file("film.mov"), isStopped: { false })
        #expect(throws: TransferError.self) { try fetch.run(RemoteIdentity(bytes: 1 << 60, etag: "\"one\"")) }
        #expect(try folder.listing().isEmpty)
    }

    @Test func aFullDiskIsNoServerThatIsDown() throws {
        let server = try RangeServer(.init(content: Self.content, etag: nil))
        let error = #expect(throws: TransferError.self) {
            try reader("\(server.server.url)/film.mov").read(nil, of: RemoteIdentity(bytes: 95), into: "/dev/full")
        }
        #expect(error?.code == .diskFull)
    }

    @Test func theHashFollowsWhatIsHere() throws {
        let content = (0..<3 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try folder.write([UInt8](repeating: 0, count: content.count), to: "film")
        let hash = FrontHash(file: folder.file("film"))
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: folder.file("film")))
        for end in [1, 1 << 20, (2 << 20) + 5] {
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: content[..<end])
            try hash.follow(to: Int64(end))
        }
        // What has been hashed is not read again.
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: [UInt8](repeating: 7, count: 2 << 20))
        try handle.seek(toOffset: UInt64((2 << 20) + 5))
        try handle.write(contentsOf: content[((2 << 20) + 5)...])
        let (sha256, bytes) = try hash.finish { false }
        #expect(sha256 == Digest.hexSHA256(content) && bytes == Int64(content.count))
    }

    @Test func redirectionsAreFollowed() throws {
        let target = try RangeServer(.init(content: Self.content))
        let server = try LoopbackServer { [url = target.server.url] _ in .answer(302, headers: ["Location": "\(url)/there.mov"]) }
        let reader = try reader("\(server.url)/here.mov")
        let came = try Fetch(reader: reader, file: folder.file("film.mov"), isStopped: { false }, pieceBytes: 50).run(try reader.look())
        try check(Self.content, came)
        let loop = try LoopbackServer { _ in .answer(302, headers: ["Location": "/again"]) }
        #expect(throws: TransferError.self) { try self.reader("\(loop.url)/a").look() }
    }
}
