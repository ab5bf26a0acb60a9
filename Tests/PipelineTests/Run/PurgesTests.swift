import Dispatch
import Engine
import Foundation
import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

/// What a CDN must be told is not lost.
@Suite struct PurgesTests {
    private let folder: TemporaryFolder
    private let journal: Journal
    private let outbox: PurgeOutbox
    private let warnings = Warnings()

    init() throws {
        folder = try TemporaryFolder()
        let work = try WorkFolder(path: folder.file("work"))
        journal = try Journal(work: work.path)
        outbox = PurgeOutbox(journal, catalog: "sqlite:c")
    }

    private func purges(_ server: LoopbackServer) throws -> Purges {
        let settings = PurgeSettings(method: "POST", url: try TemplateText("\(server.url)/{title}/{version}"))
        return Purges(
            try PurgeLedger(settings, outbox: outbox, environment: [:]),
            isCurrent: { _, version in version != "old" },
            onEvent: { [warnings] event in
                if case .warned(_, let message) = event { warnings.all.withLock { $0.append(message) } }
            })
    }

    private func purge(_ title: String, _ version: String = "1") -> Purge {
        Purge(title: title, version: version, location: "https://cdn/\(title)/\(version)")
    }

    private var owed: [String] { outbox.pending.map { "\($0.title) \($0.version)" } }

    @Test func whatARunThatWasKilledOwesIsSentByTheNext() throws {
        let server = try LoopbackServer { _ in .text(204, "") }
        for purge in [purge("one"), purge("two", "old"), purge("two", "new"), purge("gone", "old")] {
            outbox.enqueue(purge)
        }
        PurgeOutbox(journal, catalog: "sqlite:another").enqueue(purge("one"))
        #expect(owed == ["gone old", "one 1", "two new", "two old"])
        let purges = try purges(server)
        purges.addOwed()
        purges.wait()
        #expect(server.requests.map(\.target) == ["/one/1", "/two/new"])
        #expect(owed.isEmpty && PurgeOutbox(journal, catalog: "sqlite:another").pending.count == 1)
    }

    @Test func aNewerVersionIsStillOwedWhenTheOlderWasSent() throws {
        let server = try LoopbackServer { [outbox] _ in
            outbox.enqueue(Purge(title: "one", version: "2", location: "https://cdn/one/2"))
            return .text(204, "")
        }
        outbox.enqueue(purge("one"))
        let purges = try purges(server)
        purges.add(purge("one"))
        purges.wait()
        #expect(owed == ["one 2"])
    }

    @Test func aCDNThatIsDownIsLeftAloneAndOneWarningSaysSo() throws {
        // Not one that is tried again.
        let server = try LoopbackServer { _ in .text(501, "") }
        let purges = try purges(server)
        for title in ["a", "b", "c", "d", "e"] {
            outbox.enqueue(purge(title))
            purges.add(purge(title))
        }
        purges.wait()
        #expect(server.requests.count == 3)
        #expect(warnings.all.withLock { $0.filter { $0.hasPrefix("nothing was purged") }.count } == 3)
        #expect(warnings.all.withLock { $0.last } == "2 purge requests were not sent; the next run sends them")
        #expect(owed == ["a 1", "b 1", "c 1", "d 1", "e 1"])
    }

    @Test func whatIsAlwaysRefusedStarvesNobody() throws {
        let server = try LoopbackServer { request in .text("abcd".contains(request.target.dropFirst().prefix(1)) ? 404 : 204, "") }
        for title in ["a", "b", "c", "d", "e"] { outbox.enqueue(purge(title)) }
        let purges = try purges(server)
        purges.addOwed()
        purges.wait()
        #expect(server.requests.map(\.target) == ["/a/1", "/b/1", "/c/1", "/d/1", "/e/1"])
        #expect(owed == ["a 1", "b 1", "c 1", "d 1"])
    }

    @Test func whatIsNewGoesBeforeWhatIsOwedAndDoesNotSufferForIt() throws {
        let asked = DispatchSemaphore(value: 0)
        let added = DispatchSemaphore(value: 0)
        let wasLast = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { request in
            if request.target == "/a/1" {
                asked.signal()
                added.wait()
            }
            if request.target == "/c/1" { wasLast.signal() }
            return .text(request.target.hasPrefix("/new") ? 204 : 501, "")
        }
        for title in ["a", "b", "c", "d"] { outbox.enqueue(purge(title)) }
        let purges = try purges(server)
        purges.addOwed()
        asked.wait()
        purges.add(purge("new-one"))
        added.signal()
        // The last of three that fail: of what is owed nothing more is sent.
        wasLast.wait()
        purges.add(purge("new-two"))
        purges.wait()
        #expect(server.requests.map(\.target) == ["/a/1", "/new-one/1", "/b/1", "/c/1", "/new-two/1"])
        #expect(owed == ["a 1", "b 1", "c 1", "d 1"])
    }

    private final class Warnings: Sendable {
        let all = Mutex<[String]>([])
    }
}
