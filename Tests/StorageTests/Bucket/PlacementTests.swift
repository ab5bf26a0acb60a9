import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Storage

/// Objects are kept as the settings say, whatever a run with other settings has left.
@Suite struct PlacementTests {
    private static let large = String(repeating: "0123456789abcdef", count: 700_000)
    private let root = "night-train/0123456789abcdef/"
    private let open: @Sendable (inout S3Settings) -> Void = { $0.acl = "public-read" }

    private func publish(_ store: S3Store, _ staged: StagedPackage, after previous: String? = nil) throws -> S3Store.Report {
        try store.send(staged: staged.path, package: staged.package, previousVersion: previous)
    }

    /// A bucket that a run has left half full.
    private func halfFull(_ staged: StagedPackage, _ change: (inout S3Settings) -> Void = { _ in }) throws -> FakeBucket {
        let bucket = try FakeBucket()
        _ = try publish(try bucket.store(change), staged)
        bucket.remove(root + "package.json")
        return bucket
    }

    private func acls(_ bucket: FakeBucket, after count: Int) -> [String: String?] {
        let writes = bucket.server.requests.dropFirst(count).filter { $0.method == "PUT" }
        return Dictionary(writes.map { (String($0.path.dropFirst("/films/\(root)".count)), $0.headers["x-amz-acl"]) }) { $1 }
    }

    /// A run broke off, somebody saw that viewers may not read what it had sent, and ran it again.
    @Test func whatWasLeftWithOtherSettingsIsWrittenOver() throws {
        let staged = try StagedPackage()
        let bucket = try halfFull(staged)
        let (files, before) = (bucket.keys.count, bucket.server.requests.count)
        let report = try publish(try bucket.store(open), staged)
        #expect(report.keptObjects == 0 && report.sentObjects == files + 1)
        #expect(acls(bucket, after: before).values.allSatisfy { $0 == "public-read" })
        let again = try publish(try bucket.store(open), staged)
        #expect(again.sentObjects == 0 && again.keptObjects == files + 1)
    }

    @Test func whatWasLeftWithTheSameSettingsIsKept() throws {
        let staged = try StagedPackage()
        let bucket = try halfFull(staged, open)
        let files = bucket.keys.count
        let report = try publish(try bucket.store(open), staged)
        #expect(report.keptObjects == files && report.sentObjects == 1)
    }

    /// What is published never changes.
    @Test func aVersionThatIsWholeStaysAsItIs() throws {
        let staged = try StagedPackage()
        let bucket = try FakeBucket()
        _ = try publish(try bucket.store(), staged)
        let report = try publish(try bucket.store(open), staged)
        #expect(report.sentObjects == 0 && report.keptObjects == bucket.keys.count)
    }

    @Test func whatIsServedOtherwiseIsWrittenOverBeforeAnybodySeesIt() throws {
        let bucket = try FakeBucket()
        bucket.put(root + "video/360p/00001.m4s", "one", FakeBucket.headers(of: "one").merging(["content-type": "text/html"]) { $1 })
        let report = try publish(try bucket.store(), try StagedPackage())
        #expect(report.keptObjects == 0)
        #expect(bucket[root + "video/360p/00001.m4s"]?.headers["content-type"] != "text/html")
    }

    /// No server tells what an upload in parts was begun with.
    @Test func anUploadThatWasBegunWithOtherSettingsIsMadeAnew() throws {
        let staged = try StagedPackage(files: ["large.mp4": Self.large])
        let bucket = try FakeBucket()
        bucket.begin(
            root + "large.mp4", parts: [1: Array(Self.large.utf8.prefix(5 << 20))],
            headers: FakeBucket.headers(of: Self.large).merging(["x-amz-checksum-algorithm": "SHA256"]) { $1 })
        _ = try publish(try bucket.store(open), staged)
        let begun = bucket.server.requests.filter { $0.method == "POST" && $0.query.hasPrefix("uploads") }
        #expect(begun.map { $0.headers["x-amz-acl"] } == ["public-read"])
        #expect(bucket[root + "large.mp4"]?.headers["x-amz-meta-placement"] != nil)
        #expect(bucket[root + "large.mp4"]?.bytes == Array(Self.large.utf8))
    }

    @Test func aCopyIsKeptAsTheNewSettingsSay() throws {
        let bucket = try FakeBucket()
        _ = try publish(try bucket.store(), try StagedPackage(version: "1111111111111111"))
        let before = bucket.server.requests.count
        let report = try publish(try bucket.store(open), try StagedPackage(), after: "1111111111111111")
        #expect(report.copiedObjects == 4 && report.sentObjects == 1)
        #expect(acls(bucket, after: before).values.allSatisfy { $0 == "public-read" })
    }

    /// A copy in one call that the server refuses.
    @Test func whatCannotBeCopiedGoesInPartsWhereItIsLarge() throws {
        let bucket = try FakeBucket { request in
            request.headers["x-amz-copy-source"] == nil ? nil : .text(403, "<Error><Code>AccessDenied</Code></Error>")
        }
        let change: (inout S3Settings) -> Void = { $0.copyThreshold = 64 << 20 }
        _ = try publish(try bucket.store(change), try StagedPackage(version: "1111111111111111", files: ["large.mp4": Self.large]))
        let report = try publish(
            try bucket.store(change), try StagedPackage(files: ["large.mp4": Self.large]), after: "1111111111111111")
        #expect(report.copiedObjects == 0 && report.sentObjects == 2)
        #expect(bucket[root + "large.mp4"]?.etag.hasSuffix("-3") == true)
    }
}
