import Foundation
import MediaModel
import S3
import TestSupport
import Testing

@testable import Storage

/// Nothing is removed that may be somebody else's, or that somebody needs.
@Suite struct S3StoreUpkeepTests {
    /// A server that tells of uploads as given.
    private func bucket(uploads: [(key: String, initiated: String)]) throws -> FakeBucket {
        let lines = uploads.map { "<Upload><Key>\($0.key)</Key><UploadId>u</UploadId>\($0.initiated)</Upload>" }.joined()
        return try FakeBucket { request in
            guard request.method == "GET", request.query.contains("uploads") else { return nil }
            return .text(200, "<ListMultipartUploadsResult>\(lines)</ListMultipartUploadsResult>")
        }
    }

    @Test(arguments: ["", "films"]) func onlyUploadsOfVersionsOfTheseTitlesAreAbandoned(prefix: String) throws {
        let old = "<Initiated>2020-01-01T00:00:00.000Z</Initiated>"
        let root = prefix.isEmpty ? "" : prefix + "/"
        let ours = root + "one/0123456789abcdef/video/large.mp4"
        let others = [
            "backup.tar", "one/backup.tar", "one/0123456789abcdef", "one/0123456789ABCDEF/x", "one/0123456789abcde/x", "one/photos/2023/x",
            "another/0123456789abcdef/x", "/one/0123456789abcdef/x",
        ]
        let bucket = try bucket(uploads: (others.map { root + $0 } + ["elsewhere/one/0123456789abcdef/x", ours]).map { ($0, old) })
        let found = try bucket.store { $0.prefix = prefix }.abandonedUploads(of: ["one"], before: Date())
        #expect(found.map(\.key) == [ours])
    }

    @Test func anUploadWhoseAgeNobodyTellsIsYoung() throws {
        let bucket = try bucket(uploads: [("one/0123456789abcdef/x", "")])
        #expect(try bucket.store().abandonedUploads(of: ["one"], before: Date()).isEmpty)
    }

    @Test func whatIsNeededAtTheLastMomentStays() throws {
        let bucket = try FakeBucket()
        let staged = try StagedPackage()
        let store = try bucket.store()
        _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        let before = bucket.keys
        #expect(try store.delete(title: "night-train", version: "0123456789abcdef", unless: { true }) == 0)
        #expect(bucket.keys == before && !before.isEmpty)
    }

    /// Somebody else's by then: of a removal that was held up, no further request is sent.
    @Test(arguments: 1...2) func whatIsNeededInTheMiddleStays(requests: Int) throws {
        let bucket = try FakeBucket()
        let staged = try StagedPackage()
        let store = try bucket.store()
        _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        let before = bucket.keys
        var asked = 0
        let gone = try store.delete(title: "night-train", version: "0123456789abcdef") {
            asked += 1
            return asked > requests
        }
        #expect(gone == before.count - bucket.keys.count && gone > 0 && !bucket.keys.isEmpty)
        #expect(bucket.writes.count { $0.hasPrefix("POST") } == requests && asked == requests + 1)
    }

    @Test(arguments: [false, true]) func itIsAskedBeforeEveryFewObjects(isOneByOne: Bool) throws {
        let bucket = try FakeBucket { request in
            isOneByOne && request.query == "delete=" ? .text(501, "<Error><Code>NotImplemented</Code></Error>") : nil
        }
        let count = isOneByOne ? 17 : 1001
        for number in 0..<count { bucket.put("one/0123456789abcdef/video/\(number).m4s", "x") }
        bucket.put("one/0123456789abcdef/package.json", "{}")
        var asked = 0
        let gone = try bucket.store().delete(title: "one", version: "0123456789abcdef") {
            asked += 1
            return false
        }
        #expect(gone == count + 1 && asked == 3 && bucket.keys.isEmpty)
    }
}
