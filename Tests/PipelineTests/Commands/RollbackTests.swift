import Cataloging
import Engine
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

/// The catalog goes back only to what is really there, and whoever must be told of it is told.
@Suite struct RollbackTests {
    private let title: PublishedTitle
    private let old = PublishedTitle.version("a")
    private let new = PublishedTitle.version("b")

    init() throws {
        title = try PublishedTitle()
        try title.publish("a")
        try title.publish("b", day: 1)
    }

    private func rollBack(to version: String? = nil) throws -> Rollback.Outcome {
        try Rollback.run("one", to: version, at: .catalog(title.url))
    }

    @Test func theVersionBeforeBecomesCurrent() throws {
        let outcome = try rollBack()
        #expect(outcome.version == old && outcome.location == title.store.location(title: "one", version: old) && outcome.warning == nil)
        #expect(try title.current == old)
    }

    @Test(arguments: ["b", ""]) func aDamagedVersionIsRefused(content: String) throws {
        try title.folder.write(content, to: "store/one/\(old)/index.m3u8")
        let failure = try #require(failure { _ = try rollBack() })
        #expect(failure.status == 1 && failure.words.contains("not whole in the store: index.m3u8: has "))
        #expect(try title.current == new)
        #expect(try !title.catalog.isWithdrawn("one", version: new))
    }

    /// A server that answers every address with one page has something whole at each.
    @Test func anotherVersionsPackageIsRefused() throws {
        try FileManager.default.removeItem(atPath: title.folder.file("store/one/\(old)"))
        try FileManager.default.copyItem(atPath: title.folder.file("store/one/\(new)"), toPath: title.folder.file("store/one/\(old)"))
        let failure = try #require(failure { _ = try rollBack() })
        #expect(failure.status == 1 && failure.words.contains("holds version \(new) of 'one', not \(old)"))
        #expect(try title.current == new)
    }

    @Test func whatNotEverybodyMayReadAsksForTheManifest() throws {
        let server = try LoopbackServer { _ in .text(403, "") }
        try title.publish("c", day: 2, location: "\(server.url)/one/c")
        try title.publish("d", day: 3)
        let failure = try #require(failure { _ = try rollBack() })
        #expect(failure.status == 1 && failure.words.contains("give --manifest FILE") && failure.words.contains("status 403"))
        #expect(try title.current == PublishedTitle.version("d"))
    }

    @Test func everyFailureHasItsExitStatus() throws {
        for url in ["catalog.sqlite", "sqlite:", "postgres://host/db"] {
            #expect(failure { _ = try Rollback.run("one", to: nil, at: .catalog(url)) }?.status == 64)
            #expect(failure { try CatalogListing.titles(catalog: url) { _ in } }?.status == 64)
        }
        let nowhere = "sqlite:\(title.folder.file("nowhere.sqlite"))"
        #expect(failure { _ = try Rollback.run("one", to: nil, at: .catalog(nowhere)) }?.status == 69)
        #expect(failure { _ = try CatalogListing.title("one", catalog: nowhere) }?.status == 69)
        #expect(failure { _ = try Rollback.run("nobody", to: nil, at: .catalog(title.url)) }?.status == 1)
        #expect(failure { _ = try rollBack(to: PublishedTitle.version("0")) }?.status == 1)
        // A word that nobody knows is found by reading, not by opening.
        try Program.demand(
            "python3",
            [
                "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(\"UPDATE titles SET kind = 'opera'\"); c.commit()",
                title.folder.file("catalog.sqlite"),
            ])
        #expect(failure { try CatalogListing.titles(catalog: title.url) { _ in } }?.status == 69)
        let errors: [(CatalogError.Code, PipelineError.Code)] = [(.diskFull, .diskFull), (.conflict, .title), (.locked, .unreachable)]
        for (code, expected) in errors {
            #expect(FailureReason.code(of: CatalogError(code, operation: "write", detail: "")) == expected)
        }
    }

    // MARK: The CDN

    /// The manifest's purges go to a server that is not well until it is told to be.
    private func withCDN(_ body: (_ manifest: String, _ server: LoopbackServer, _ recover: () -> Void) throws -> Void) throws {
        let health = Health()
        let server = try LoopbackServer { _ in .text(health.isWell.withLock { $0 } ? 204 : 501, "") }
        let manifest = try title.manifest("purge: { url: \"\(server.url)/{title}/{version}\" }")
        try body(manifest, server) { health.isWell.withLock { $0 = true } }
    }

    private final class Health: Sendable {
        let isWell = Mutex(false)
    }

    private func owed(_ journal: Journal) -> [String] { PurgeOutbox(journal, catalog: title.url).pending.map(\.version) }

    @Test func aCDNThatDoesNotListenIsOwedUntilItDoes() throws {
        try withCDN { manifest, server, recover in
            let work = try WorkFolder(path: title.folder.file("work"))
            let home = CatalogHome.manifest(manifest, work: work.path)
            // A run may be going meanwhile.
            try work.takeLock()
            let journal = try Journal(work: work.path)
            let back = try Rollback.run("one", to: nil, at: home)
            #expect(back.warning?.contains("which the next run tries again") == true)
            #expect(try title.current == old)
            #expect(owed(journal) == [old])
            recover()
            #expect(try Rollback.run("one", to: new, at: home).warning == nil)
            // That of the version which is current no longer is the next run's to forget.
            #expect(owed(journal) == [old])
            #expect(server.requests.map(\.target) == ["/one/\(old)", "/one/\(new)"])
            #expect(try Rollback.run("one", to: old, at: home).warning == nil)
            #expect(owed(journal) == [])
        }
    }

    @Test func withoutAWordTheWorkFolderIsTheManifests() throws {
        try withCDN { manifest, _, _ in
            let back = try Rollback.run("one", to: nil, at: .manifest(manifest, work: nil))
            #expect(back.warning?.contains("which the next run tries again") == true)
            #expect(try owed(Journal(work: title.folder.file(".reelmill"))) == [old])
        }
    }

    @Test func aVersionThatIsRefusedOwesNothing() throws {
        try title.folder.write("b", to: "store/one/\(old)/index.m3u8")
        try withCDN { manifest, server, _ in
            #expect(failure { _ = try Rollback.run("one", to: nil, at: .manifest(manifest, work: nil)) }?.status == 1)
            let journal = try Journal(work: title.folder.file(".reelmill"))
            #expect(owed(journal) == [] && server.requests.isEmpty)
        }
    }

    @Test func aJournalOfAnotherProgramVersionStaysAndStopsNobody() throws {
        let file = try WorkFolder(path: title.folder.file("work")).path + "/journal.sqlite"
        func pragma(_ text: String) throws -> String {
            let program = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version' + sys.argv[2]).fetchall())"
            return try Program.demand("python3", ["-c", program, file, text])
        }
        _ = try pragma(" = 99")
        try withCDN { manifest, _, _ in
            let back = try Rollback.run("one", to: nil, at: .manifest(manifest, work: title.folder.file("work")))
            #expect(back.warning?.contains("no run will try again") == true)
            #expect(back.warning?.contains("another version of this program") == true)
            #expect(try title.current == old)
        }
        #expect(try pragma("") == "[(99,)]\n")
    }
}
