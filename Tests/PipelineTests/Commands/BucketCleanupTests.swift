import Cataloging
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

/// A bucket has no lock: what `gc` may remove there, the catalog says before each request.
@Suite struct BucketCleanupTests {
    private let title: PublishedTitle
    private static let stray = PublishedTitle.version("0")
    private static let keys = ["AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody", "AWS_EC2_METADATA_DISABLED": "true"]

    init() throws {
        title = try PublishedTitle()
        try title.publish("a")
    }

    /// A bucket with one stray version of two objects, which two requests delete.
    /// - Parameter onDeletion: called before each of these is answered.
    private func bucket(onDeletion: @escaping @Sendable () -> Void = {}) throws -> LoopbackServer {
        return try LoopbackServer { request in
            if request.method == "POST" {
                onDeletion()
                return .text(200, "<DeleteResult></DeleteResult>")
            }
            if request.query.contains("uploads") { return .text(200, "<ListMultipartUploadsResult></ListMultipartUploadsResult>") }
            let lines: String
            if request.query.contains(Self.stray) {
                lines = ["package.json", "video/1.m4s"].map { name in
                    "<Contents><Key>one/\(Self.stray)/\(name)</Key><Size>1</Size>"
                        + "<LastModified>2020-01-01T00:00:00.000Z</LastModified></Contents>"
                }.joined()
            } else {
                let folder = request.query.contains("prefix=one") ? "one/\(Self.stray)/" : "one/"
                lines = "<CommonPrefixes><Prefix>\(folder)</Prefix></CommonPrefixes>"
            }
            return .text(200, "<ListBucketResult>\(lines)</ListBucketResult>")
        }
    }

    private func cleanup(at server: LoopbackServer) throws -> Cleanup {
        try title.manifest(publish: "{ url: 's3://films', endpoint: '\(server.url)', region: eu }")
        return try Cleanup(manifest: title.folder.file("manifest.yaml"), work: title.folder.file("work"), environment: Self.keys)
    }

    private func deletions(_ server: LoopbackServer) -> Int { server.requests.count { $0.method == "POST" } }

    @Test func aStrayGoesRequestByRequest() throws {
        let server = try bucket()
        let cleanup = try cleanup(at: server)
        #expect(try cleanup.remove(cleanup.items) == 1 && deletions(server) == 2)
        #expect(try title.catalog.removals(of: "one", version: Self.stray) == 1)
    }

    /// It was paused, and a run has come in meanwhile: what that has published stays, and a person is told.
    @Test func aRemovalThatWasHeldUpStops() throws {
        let catalog = title.catalog
        let server = try bucket {
            let later = Int64(Date().timeIntervalSince1970) + 2 * Catalog.removalPatience
            _ = try? catalog.removals(of: "one", version: Self.stray, now: later)
        }
        let cleanup = try cleanup(at: server)
        let failure = try #require(failure { _ = try cleanup.remove(cleanup.items) })
        #expect(failure.status == 1 && failure.words.contains("a run or another gc took over") && failure.words.contains("verify"))
        #expect(deletions(server) == 1)
        #expect(try catalog.removals(of: "one", version: Self.stray) == 2)
    }

    /// Two at once: the one that began first has been held up for long, and its end must not let a run in to what the other removes.
    @Test func theEndOfAnotherRemovalLetsNobodyIn() throws {
        let catalog = title.catalog
        let long = Int64(Date().timeIntervalSince1970) - 2 * Catalog.removalPatience
        let first = try #require(try catalog.beginRemoval(of: "one", version: Self.stray, isSuperseded: false, now: long))
        let seen = Codes()
        let server = try bucket {
            _ = try? catalog.endRemoval(of: "one", version: Self.stray, lease: first)
            do {
                _ = try catalog.removals(of: "one", version: Self.stray)
                seen.add(nil)
            } catch { seen.add((error as? CatalogError)?.code) }
        }
        let cleanup = try cleanup(at: server)
        #expect(try cleanup.remove(cleanup.items) == 1)
        #expect(seen.all == [.beingRemoved, .beingRemoved])
    }

    private final class Codes: Sendable {
        private let list = Mutex<[CatalogError.Code?]>([])
        func add(_ code: CatalogError.Code?) { list.withLock { $0.append(code) } }
        var all: [CatalogError.Code?] { list.withLock { $0 } }
    }
}
