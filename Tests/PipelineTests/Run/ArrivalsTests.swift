import Engine
import Fetching
import Foundation
import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

/// Which title comes when.
@Suite struct ArrivalsTests {
    private final class Heard: Sendable {
        let failed = Mutex<[String]>([])
        let fetched = Mutex<[String]>([])
        let isOver = Mutex(false)
    }

    private let folder: TemporaryFolder
    private let work: WorkFolder
    private let stamps: FileStamps
    private let heard = Heard()

    init() throws {
        folder = try TemporaryFolder()
        work = try WorkFolder(path: folder.file("work"))
        stamps = try FileStamps(work: work.path)
    }

    private var cache: RemoteCache { RemoteCache(work: work, stamps: stamps, files: RemoteFiles(SourceSettings())) }

    private func title(_ id: String, _ source: String, artwork: String? = nil) -> TitleRequest {
        let preset = Preset(
            name: "none", summary: "", segmentDuration: Rational(6), gopDuration: Rational(2), chunkDuration: Rational(30), rungs: [],
            audio: [], images: nil)
        return TitleRequest(
            id: id, source: source, preset: preset, trim: Trim(), acceptsDamage: false, metadata: TitleMetadata(name: id, kind: .clip),
            artwork: artwork, audio: nil, subtitles: [], place: "1:1")
    }

    private func arrivals(_ titles: [TitleRequest]) -> Arrivals {
        let listener = Arrivals.Listener(
            onFetched: { [heard] _, address, _, _ in heard.fetched.withLock { $0.append(address.name) } }, onWarning: { _, _, _ in },
            onFailure: { [heard] title, _ in heard.failed.withLock { $0.append(title) } })
        return Arrivals(titles, cache: cache, listener: listener, shouldStop: { [heard] in heard.isOver.withLock { $0 } })
    }

    private func end(_ arrivals: Arrivals) {
        heard.isOver.withLock { $0 = true }
        arrivals.wait()
    }

    private static func file(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        request.path.contains("lost") ? .text(404, "") : .text(200, request.path, headers: ["ETag": "\"one\""])
    }

    @Test func aFailureIsToldWhileOtherTitlesAreStillOnTheirWay() throws {
        let open = Mutex(false)
        let server = try LoopbackServer { request in
            while request.path.contains("slow"), !open.withLock({ $0 }) { usleep(10_000) }
            return Self.file(request)
        }
        let arrivals = arrivals([title("slow", "\(server.url)/slow.mov"), title("lost", "\(server.url)/lost.mov")])
        let end = Date(timeIntervalSinceNow: 60)
        // A failure is told first, and only then is the title no longer waited for.
        while arrivals.left.count > 1, Date() < end { usleep(10_000) }
        #expect(heard.failed.withLock { $0 } == ["lost"] && arrivals.left == ["slow"])
        open.withLock { $0 = true }
        #expect(arrivals.next()?.map(\.id) == ["slow"])
        #expect(arrivals.next() == nil && heard.failed.withLock { $0.count } == 1)
        self.end(arrivals)
    }

    @Test func aTitleThatLacksTwoFilesFailsOnce() throws {
        let server = try LoopbackServer { Self.file($0) }
        let arrivals = arrivals([
            title("two", "\(server.url)/lost.mov", artwork: "\(server.url)/lost.jpg"), title("here", folder.file("film.mov")),
        ])
        #expect(arrivals.next()?.map(\.id) == ["here"])
        while arrivals.next() != nil {}
        #expect(heard.failed.withLock { $0 } == ["two"])
        end(arrivals)
    }

    @Test func whatIsHereStaysWhenRoomIsMade() throws {
        let server = try LoopbackServer { Self.file($0) }
        let arrivals = arrivals([title("one", "\(server.url)/a.mov")])
        #expect(arrivals.next()?.map(\.id) == ["one"])
        let later = Date(timeIntervalSinceNow: 1000)
        arrivals.useAll(now: later)
        #expect(try RemoteCache.clean(work: work.path, days: 0, now: later).files == 0)
        #expect(try RemoteCache.clean(work: work.path, days: 0, now: later.addingTimeInterval(1)).files == 1)
        end(arrivals)
    }

    @Test func twoTitlesShareAFile() throws {
        let server = try LoopbackServer { Self.file($0) }
        let arrivals = arrivals([title("one", "\(server.url)/a.mov?Signature=1"), title("two", "\(server.url)/a.mov?Signature=2")])
        let came = try #require(arrivals.next())
        #expect(came.map(\.id) == ["one", "two"] && came[0].remoteFiles.map(cache.path) == came[1].remoteFiles.map(cache.path))
        #expect(server.requests.count { $0.method == "GET" } == 1)
        end(arrivals)
    }

    @Test func bytesThatHaveGoneAreFetchedWhenATitleNeedsThem() throws {
        let server = try LoopbackServer { Self.file($0) }
        let titles = [title("one", "\(server.url)/a.mov"), title("two", "\(server.url)/b.mov")]
        let first = arrivals(titles)
        while first.next() != nil {}
        end(first)
        heard.isOver.withLock { $0 = false }
        for path in titles.compactMap({ RemoteAddress($0.source) }).map(cache.path) { try FileManager.default.removeItem(atPath: path) }
        let second = arrivals(titles)
        #expect(second.next()?.map(\.id) == ["one", "two"])
        #expect(!second.isWhole("one") && heard.fetched.withLock { $0.count } == 2)
        second.fetch(for: ["two"])
        #expect(second.next()?.map(\.id) == ["two"] && second.isWhole("two"))
        #expect(second.next() == nil && heard.fetched.withLock { $0.suffix(1) } == ["b.mov"])
        #expect(heard.fetched.withLock { $0.count } == 3)
        end(second)
    }
}
