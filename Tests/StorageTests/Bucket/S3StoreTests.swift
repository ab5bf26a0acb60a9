import Dispatch
import Foundation
import MediaModel
import S3
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite struct S3StoreTests {
    static let files = [
        "index.m3u8": "#EXTM3U", "manifest.mpd": "<MPD/>", "video/360p/init.mp4": "init", "video/360p/media.m3u8": "#EXTM3U one",
        "video/360p/00001.m4s": "one", "video/360p/00002.m4s": "two",
    ]
    let staged: StagedPackage
    let root = "night-train/0123456789abcdef/"

    init() throws { staged = try StagedPackage(files: Self.files) }

    func store(_ bucket: FakeBucket, _ change: (inout S3Settings) -> Void = { _ in }) throws -> S3Store {
        var settings = S3Settings(bucket: "films")
        settings.endpoint = bucket.server.url
        change(&settings)
        return try S3Store(settings, surroundings: FakeBucket.surroundings)
    }

    func publish(_ store: S3Store, after previous: String? = nil) throws -> S3Store.Report {
        try store.send(staged: staged.path, package: staged.package, previousVersion: previous)
    }

    /// The error that `body` ends with.
    func failure(_ body: () throws -> Void) -> TransferError? {
        do {
            try body()
            return nil
        } catch {
            return error as? TransferError
        }
    }

    @Test func everythingIsThereAndInOrder() throws {
        let bucket = try FakeBucket()
        let store = try store(bucket)
        #expect(try !store.holds(title: "night-train", version: "0123456789abcdef"))
        let report = try publish(store)
        #expect(report.sentObjects == 7)
        #expect(report.location == "\(bucket.server.url)/films/night-train/0123456789abcdef")
        #expect(bucket.keys == (Self.files.keys + ["package.json"]).map { root + $0 }.sorted())
        let order = bucket.writes.map { UploadStage(of: String($0.dropFirst("PUT ".count + root.count))).rawValue }
        #expect(order == order.sorted())
        #expect(order.count == 7)
        #expect(try store.holds(title: "night-train", version: "0123456789abcdef"))
    }

    @Test func whatAWriteCarries() throws {
        let bucket = try FakeBucket()
        _ = try publish(
            try store(bucket) { settings in
                settings.storageClass = "STANDARD_IA"
                settings.acl = "public-read"
                settings.serverSideEncryption = "aws:kms"
                settings.encryptionKey = "key-1"
                settings.tags = ["b": "x y", "a": "1"]
            })
        let write = try #require(bucket.requests.first { $0.method == "PUT" && $0.path.hasSuffix("00002.m4s") })
        let sha256 = Digest.hexSHA256(Array("two".utf8))
        #expect(write.headers["x-amz-content-sha256"] == sha256)
        #expect(write.headers["x-amz-checksum-sha256"] == Digest.base64(hex: sha256))
        #expect(write.headers["x-amz-meta-sha256"] == sha256)
        #expect(write.headers["cache-control"] == "public, max-age=31536000, immutable")
        #expect(write.headers["if-none-match"] == "*")
        #expect(write.headers["x-amz-storage-class"] == "STANDARD_IA")
        #expect(write.headers["x-amz-acl"] == "public-read")
        #expect(write.headers["x-amz-server-side-encryption"] == "aws:kms")
        #expect(write.headers["x-amz-server-side-encryption-aws-kms-key-id"] == "key-1")
        #expect(write.headers["x-amz-tagging"] == "a=1&b=x%20y")
        #expect(write.headers["authorization"]?.hasPrefix("AWS4-HMAC-SHA256 Credential=KEY/") == true)
        #expect(write.headers["authorization"]?.contains("x-amz-tagging") == true)
    }

    @Test func md5ForServersThatKnowNoBetter() throws {
        let bucket = try FakeBucket()
        _ = try publish(try store(bucket) { $0.checksum = .md5 })
        let write = try #require(bucket.requests.first { $0.method == "PUT" && $0.path.hasSuffix("00002.m4s") })
        #expect(write.headers["content-md5"] == Digest.base64MD5(Array("two".utf8)))
        #expect(write.headers["x-amz-checksum-sha256"] == nil)
    }

    @Test func anAnswerThatWasLostIsNoConflict() throws {
        let isFirst = Mutex(true)
        var habits = FakeBucket.Habits()
        habits.losesAnswer = { request in
            guard request.method == "PUT", request.path.hasSuffix("00001.m4s") else { return false }
            return isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            }
        }
        let bucket = try FakeBucket(habits)
        let report = try publish(try store(bucket))
        #expect(report.keptObjects == 1 && report.sentObjects == 6)
        #expect(bucket.writes.filter { $0.hasSuffix("00001.m4s") }.count == 2)
    }

    @Test func anotherObjectThatComesInBetweenIsAConflictThatNamesBoth() throws {
        let key = root + "video/360p/00001.m4s"
        var habits = FakeBucket.Habits()
        habits.before = { bucket, request in
            if request.method == "PUT", request.path.hasSuffix(key) { bucket.put(key, "other", FakeBucket.headers(of: "other")) }
        }
        let bucket = try FakeBucket(habits)
        let error = failure { _ = try publish(try store(bucket)) }
        #expect(error?.code == .conflict)
        #expect(error?.detail.contains("holds 5 bytes with SHA-256 \(Digest.hexSHA256(Array("other".utf8)))") == true)
        #expect(error?.detail.contains("has 3 bytes with \(Digest.hexSHA256(Array("one".utf8)))") == true)
        #expect(bucket[key]?.bytes == Array("other".utf8) && bucket[root + "package.json"] == nil)
    }

    @Test func whatIsStoredWrongIsNoticedAfterwards() throws {
        let bucket = try FakeBucket { request in
            guard request.method == "HEAD", request.path.hasSuffix("00001.m4s") else { return nil }
            return .answer(200, headers: ["Content-Length": "2", "ETag": "\"x\""])
        }
        let error = failure { _ = try publish(try store(bucket)) }
        #expect(error?.code == .conflict)
        #expect(error?.detail.contains("2 bytes") == true)
        #expect(bucket[root + "package.json"] == nil)
    }

    @Test func noRightIsFinalAndTheServersWordsReachThePerson() throws {
        let bucket = try FakeBucket { request in
            guard request.method == "PUT" else { return nil }
            return .text(403, "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>")
        }
        let error = failure { _ = try publish(try store(bucket) { $0.concurrency = 1 }) }
        #expect(error?.code == .refused)
        #expect(error?.description.contains("PutObject s3://films/\(root)") == true)
        #expect(error?.description.contains("status 403 AccessDenied: Access Denied.") == true)
        #expect(bucket.requests.filter { $0.method == "PUT" }.count == 1)
    }

    @Test func aMovedBucketIsFollowedOnceAndSignedAnew() throws {
        let elsewhere = try FakeBucket()
        let bucket = try FakeBucket { _ in
            .text(
                307, "<Error><Code>TemporaryRedirect</Code></Error>",
                headers: ["Location": "\(elsewhere.server.url)/films/x", "x-amz-bucket-region": "eu-west-9"])
        }
        let report = try publish(try store(bucket))
        #expect(bucket.server.requests.count == 1)
        #expect(elsewhere.keys.count == 7)
        // What the catalog holds does not depend on what a server said to us.
        #expect(report.location == "\(bucket.server.url)/films/night-train/0123456789abcdef")
        #expect(elsewhere.server.requests.allSatisfy { $0.headers["authorization"]?.contains("/eu-west-9/s3/") == true })
    }

    @Test func aClockThatIsWrongIsCorrectedOnce() throws {
        let refused = Mutex(0)
        let bucket = try FakeBucket { request in
            let stamp = request.headers["x-amz-date"] ?? ""
            guard !stamp.hasPrefix("2099") else { return nil }
            refused.withLock { $0 += 1 }
            let body = request.method == "HEAD" ? "" : "<Error><Code>RequestTimeTooSkewed</Code></Error>"
            return .text(403, body, headers: ["Date": "Thu, 01 Jan 2099 00:00:00 GMT"])
        }
        _ = try publish(try store(bucket))
        #expect(refused.withLock { $0 } == 1)
        #expect(bucket.keys.count == 7)
    }

    @Test func aLargeObjectGoesInParts() throws {
        let bucket = try FakeBucket()
        let large = String(repeating: "0123456789abcdef", count: 11 << 16)
        let staged = try StagedPackage(files: ["video/large.mp4": large])
        let store = try store(bucket) { settings in
            settings.multipartThreshold = 6 << 20
            settings.partBytes = 5 << 20
        }
        let report = try store.send(staged: staged.path, package: staged.package, previousVersion: nil)
        #expect(report.sentBytes == Int64(large.utf8.count) + Int64(try staged.folder.bytes(of: "package.json").count))
        #expect(bucket[root + "video/large.mp4"]?.bytes == Array(large.utf8))
        let parts = bucket.requests.filter { $0.query.contains("partNumber") }
        #expect(parts.map(\.body.count).sorted() == [1 << 20, 5 << 20, 5 << 20])
        #expect(parts.allSatisfy { $0.headers["x-amz-checksum-sha256"] != nil })
    }

    @Test func aCompletionThatFailsInsideASuccessIsTriedAgain() throws {
        let asked = Mutex(0)
        let bucket = try FakeBucket { request in
            guard request.method == "POST", request.query.hasPrefix("uploadId") else { return nil }
            let number = asked.withLock { asked in
                asked += 1
                return asked
            }
            return number == 1 ? .text(200, "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>") : nil
        }
        let staged = try StagedPackage(files: ["video/large.mp4": String(repeating: "x", count: 6 << 20)])
        _ = try store(bucket) { $0.multipartThreshold = 5 << 20 }.publish(
            staged: staged.path, package: staged.package, previousVersion: nil)
        #expect(asked.withLock { $0 } == 2)
        #expect(bucket[root + "video/large.mp4"]?.bytes.count == 6 << 20)
    }

    @Test func anUploadThatAnotherRunCompletedIsAsGood() throws {
        let text = String(repeating: "x", count: 6 << 20)
        let key = root + "video/large.mp4"
        let isThere = Mutex(false)
        let bucket = try FakeBucket { request in
            if request.query.contains("partNumber") { return .text(404, "<Error><Code>NoSuchUpload</Code></Error>") }
            guard request.method == "HEAD", request.path.hasSuffix(key), isThere.withLock({ $0 }) else { return nil }
            let facts = ["Content-Length": String(text.utf8.count), "ETag": "\"x\""]
            return .answer(200, headers: facts.merging(FakeBucket.headers(of: text)) { first, _ in first })
        }
        let staged = try StagedPackage(files: ["video/large.mp4": text])
        let store = try store(bucket) { $0.multipartThreshold = 5 << 20 }
        let publish = { _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil) }
        // Nobody completed it, so somebody threw it away.
        #expect(failure(publish)?.detail.contains("not there") == true)
        isThere.withLock { $0 = true }
        #expect(failure(publish) == nil)
    }

    @Test func aLargeFileThatIsNotWhatIsListedIsNeverCompleted() throws {
        let bucket = try FakeBucket()
        let staged = try StagedPackage(files: ["video/large.mp4": String(repeating: "x", count: 6 << 20)])
        try staged.folder.write(String(repeating: "y", count: 6 << 20), to: "video/large.mp4")
        let error = failure {
            _ = try store(bucket) { $0.multipartThreshold = 5 << 20 }.publish(
                staged: staged.path, package: staged.package, previousVersion: nil)
        }
        #expect(error?.code == .invalidPackage)
        #expect(bucket.keys.isEmpty)
    }

    @Test func aVersionThatLacksAnObjectIsNotHeldAndIsMadeWholeAgain() throws {
        let bucket = try FakeBucket()
        let store = try store(bucket)
        _ = try publish(store)
        try store.client.delete([root + "video/360p/00002.m4s"])
        #expect(try !store.holds(title: "night-train", version: "0123456789abcdef"))
        let report = try publish(store)
        #expect(report.sentObjects == 1)
        #expect(try store.holds(title: "night-train", version: "0123456789abcdef"))
    }

    @Test(arguments: ["GET", "PUT", "HEAD"]) func stoppingEndsAPublicationThatHangs(_ method: String) throws {
        let asked = Mutex(false)
        let ended = DispatchSemaphore(value: 0)
        let wasLate = Mutex(false)
        let bucket = try FakeBucket { request in
            let isFirst = asked.withLock { was in
                defer { was = was || request.method == method }
                return !was && request.method == method
            }
            guard isFirst else { return nil }
            // As long as the publication waits for this answer, which it should not.
            if ended.wait(timeout: .now() + 60) == .timedOut { wasLate.withLock { $0 = true } }
            return nil
        }
        var settings = S3Settings(bucket: "films")
        settings.endpoint = bucket.server.url
        settings.stallSeconds = 120
        let store = try S3Store(settings, surroundings: FakeBucket.surroundings) { asked.withLock { $0 } }
        #expect(failure { _ = try publish(store) }?.code == .cancelled)
        ended.signal()
        bucket.server.close()
        #expect(!wasLate.withLock { $0 })
    }

    @Test(arguments: [400, 501]) func keysAreDeletedOneByOneWhereManyCannotBe(_ status: Int) throws {
        let gone = root + "video/360p/00001.m4s"
        let bucket = try FakeBucket { request in
            if request.query == "delete=" { return .text(status, "<Error><Code>NotImplemented</Code></Error>") }
            return request.method == "DELETE" && request.path.hasSuffix(gone) ? .text(404, "<Error><Code>NoSuchKey</Code></Error>") : nil
        }
        let store = try store(bucket)
        _ = try publish(store)
        #expect(try store.delete(title: "night-train", version: "0123456789abcdef") == 7)
        #expect(bucket.keys == [gone])
        let writes = bucket.writes.drop { $0.hasPrefix("PUT") }
        #expect(writes.count == 8 && writes.filter { $0.hasPrefix("POST") }.count == 1)
        #expect(writes.dropFirst().first == "DELETE \(root)package.json")
    }

    @Test func deletingTakesTheSignOfWholenessFirst() throws {
        let bucket = try FakeBucket()
        let store = try store(bucket)
        _ = try publish(store)
        bucket.put("night-train/other/package.json", "{}")
        #expect(try store.delete(title: "night-train", version: "0123456789abcdef") == 7)
        #expect(bucket.keys == ["night-train/other/package.json"])
        let first = try #require(bucket.server.requests.first { $0.method == "POST" })
        #expect(first.text.contains("package.json") && !first.text.contains("m4s"))
        #expect(failure { try store.delete(title: "night-train", version: "") }?.code == .invalidSettings)
    }
}
