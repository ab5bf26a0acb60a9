import Engine
import Fetching
import Foundation
import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

@Suite struct RemoteCacheTests {
    private let folder: TemporaryFolder
    private let work: WorkFolder

    init() throws {
        folder = try TemporaryFolder()
        work = try WorkFolder(path: folder.file("work"))
    }

    private func cache() throws -> RemoteCache {
        RemoteCache(work: work, stamps: try FileStamps(work: work.path), files: RemoteFiles(SourceSettings()))
    }

    private func bring(_ address: RemoteAddress, _ cache: RemoteCache) throws -> Bool {
        let look = try cache.look(address)
        guard look.holding == nil else { return false }
        _ = try cache.fetch(address, look.identity)
        return true
    }

    private func clean(after days: Double) throws -> Int {
        try RemoteCache.clean(work: work.path, days: 14, now: Date().addingTimeInterval(days * 86_400)).files
    }

    /// Whether a worker could plan from what is here.
    private func fingerprint(_ path: String) throws -> String { try FileStamps(work: work.path).fingerprint(path).sha256 }

    @Test func whatHasNotChangedIsNotFetchedAgain() throws {
        let tag = Mutex("\"one\"")
        let server = try LoopbackServer { _ in .text(200, "subtitle", headers: ["ETag": tag.withLock { $0 }]) }
        let address = try #require(RemoteAddress("\(server.url)/a/fr%20x.srt?key=1"))
        let cache = try cache()
        #expect(try cache.holding(address) == nil)
        #expect(try bring(address, cache))
        #expect(cache.path(address).hasPrefix(work.path + "/remote/") && cache.path(address).hasSuffix("-fr_20x.srt"))
        #expect(FileManager.default.contents(atPath: cache.path(address)) == Data("subtitle".utf8))
        #expect(try !bring(address, cache))
        #expect(try FileStamps(work: work.path).fingerprint(cache.path(address)).bytes == 8)
        tag.withLock { $0 = "\"two\"" }
        #expect(try bring(address, cache))
    }

    @Test(arguments: ["sub", "SUBTITLE"])
    func damagedBytesAreNotTaken(bytes: String) throws {
        let server = try LoopbackServer { _ in .text(200, "subtitle", headers: ["ETag": "\"one\""]) }
        let address = try #require(RemoteAddress("\(server.url)/fr.srt"))
        let cache = try cache()
        #expect(try bring(address, cache))
        let sha256 = try fingerprint(cache.path(address))
        try Data(bytes.utf8).write(to: URL(fileURLWithPath: cache.path(address)))
        #expect(try cache.holding(address) == nil)
        let look = try cache.look(address)
        #expect(look.holding == .facts && look.warning?.contains("not what had come") == true)
        #expect(try fingerprint(cache.path(address)) == sha256)
        _ = try cache.fetch(address, look.identity)
        #expect(FileManager.default.contents(atPath: cache.path(address)) == Data("subtitle".utf8))
    }

    @Test func aServerThatIsDownLeavesWhatCame() throws {
        let server = try LoopbackServer { _ in .text(200, "subtitle", headers: ["ETag": "\"one\""]) }
        let address = try #require(RemoteAddress("\(server.url)/fr.srt"))
        let cache = try cache()
        #expect(try bring(address, cache))
        server.close()
        let look = try cache.look(address)
        #expect(look.holding == .bytes && look.warning?.contains("cannot be asked") == true)
        try FileManager.default.removeItem(atPath: cache.path(address))
        #expect(try cache.look(address).holding == .facts)
        let other = try #require(RemoteAddress("\(server.url)/en.srt"))
        #expect(throws: PipelineError.self) { try cache.look(other) }
    }

    @Test(arguments: [403, 404, 412])
    func aRefusalIsNoServerThatIsDown(status: Int) throws {
        let answer = Mutex(200)
        let server = try LoopbackServer { _ in .text(answer.withLock { $0 }, "subtitle", headers: ["ETag": "\"one\""]) }
        let address = try #require(RemoteAddress("\(server.url)/fr.srt"))
        let cache = try cache()
        #expect(try bring(address, cache))
        answer.withLock { $0 = status }
        #expect(throws: PipelineError.self) { try cache.look(address) }
    }

    @Test func theSameBytesUnderAnotherMarkAreNotFetchedAgain() throws {
        let mark = Mutex(1)
        let sum = "oCw4fof2jxAvtXLxfz/6yvWDfhGe/0DWNEnCmrsUN1k="
        let server = try LoopbackServer { _ in
            .text(200, "subtitle", headers: ["ETag": "\"\(mark.withLock { $0 })\"", "x-amz-checksum-sha256": sum])
        }
        let address = try #require(RemoteAddress("\(server.url)/fr.srt"))
        let cache = try cache()
        #expect(try bring(address, cache))
        mark.withLock { $0 = 2 }
        #expect(try !bring(address, cache))
    }

    @Test func whatWillNotFitIsNotBegun() throws {
        let server = try LoopbackServer { _ in .text(200, "subtitle", headers: ["ETag": "\"one\""]) }
        let address = try #require(RemoteAddress("\(server.url)/film.mov"))
        do {
            _ = try cache().fetch(address, RemoteIdentity(bytes: 1 << 60, etag: "\"one\""))
            Issue.record("no disk is so large")
        } catch let error as PipelineError {
            #expect(error.code == .diskFull && "\(error)".contains("\(address.shown)': it has 1152921504607 MB and the disk of"))
        }
        #expect(server.requests.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: work.path + "/remote").isEmpty)
    }

    @Test func anotherSignatureIsTheSameFile() throws {
        let server = try LoopbackServer { _ in .text(200, "subtitle", headers: ["ETag": "\"one\""]) }
        let cache = try cache()
        let nights = try ["1", "2"].map { try #require(RemoteAddress("\(server.url)/fr.srt?X-Amz-Date=\($0)&X-Amz-Signature=\($0)")) }
        #expect(try bring(nights[0], cache))
        #expect(try !bring(nights[1], cache))
        #expect(server.requests.last?.query.contains("X-Amz-Signature=2") == true)
    }

    @Test func aFileWithoutAMarkIsFetchedEveryTime() throws {
        let server = try LoopbackServer { _ in .text(200, "subtitle") }
        let address = try #require(RemoteAddress("\(server.url)/fr.srt"))
        let cache = try cache()
        #expect(try bring(address, cache))
        #expect(try bring(address, cache))
    }

    @Test func aFailureTellsStatusAndNoQuery() throws {
        let server = try LoopbackServer { _ in .text(404, "") }
        let address = try #require(RemoteAddress("\(server.url)/fr.srt?key=secret"))
        do {
            _ = try cache().look(address)
            Issue.record("there is nothing")
        } catch let error as PipelineError {
            #expect(error.code == .title)
            #expect("\(error)" == "cannot fetch '\(server.url)/fr.srt': status 404")
        }
    }

    @Test func bytesGoWhenNothingWasMadeOfThemAndFactsStayAsLongAsTheyAreAskedFor() throws {
        let server = try LoopbackServer { _ in .text(200, "subtitle", headers: ["ETag": "\"one\""]) }
        let address = try #require(RemoteAddress("\(server.url)/fr.srt"))
        let cache = try cache()
        #expect(try bring(address, cache))
        let (path, sha256) = (cache.path(address), try fingerprint(cache.path(address)))
        // A title was last made of it twenty days ago, and a run has asked for it since.
        let longAgo = Date().addingTimeInterval(-20 * 86_400)
        try cache.use(address, now: longAgo)
        #expect(try !bring(address, cache))
        try cache.use(address)
        #expect(try clean(after: 13) == 0 && cache.holding(address) == .bytes)
        try cache.use(address, now: longAgo)
        #expect(try !bring(address, cache))
        #expect(try clean(after: 0) == 1 && cache.holding(address) == .facts)
        #expect(try cache.look(address).holding == .facts && fingerprint(path) == sha256)
        #expect(server.requests.count { $0.method == "GET" } == 1)
        #expect(try clean(after: 364) == 0 && cache.holding(address) == .facts)
        #expect(try clean(after: 366) == 0 && cache.holding(address) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: work.path + "/remote").isEmpty)
    }

    @Test func whatIsLeftOfAFetchGoesToo() throws {
        try FileManager.default.createDirectory(atPath: work.path + "/remote", withIntermediateDirectories: true)
        for name in ["a.mov.partial", "a.mov.partial.json"] { try folder.write("x", to: "work/remote/\(name)") }
        #expect(try clean(after: 13) == 0)
        #expect(try clean(after: 15) == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: work.path + "/remote").isEmpty)
    }
}
