import Foundation
import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// What some servers do otherwise than Amazon's, and nobody may notice but by looking.
@Suite struct OtherServersTests {
    let large = String(repeating: "x", count: 6 << 20)
    let root = "night-train/0123456789abcdef/"

    func store(_ bucket: FakeBucket, _ change: (inout S3Settings) -> Void = { _ in }) throws -> S3Store { try bucket.store(change) }

    func failure(_ body: () throws -> Void) -> TransferError? {
        do {
            try body()
            return nil
        } catch {
            return error as? TransferError
        }
    }

    @Test func aWishForEncryptionThatIsIgnoredStopsTheTitle() throws {
        let bucket = try FakeBucket(FakeBucket.Habits(forgets: ["x-amz-server-side-encryption"]))
        let staged = try StagedPackage()
        let error = failure {
            _ = try store(bucket) { $0.serverSideEncryption = "AES256" }.publish(
                staged: staged.path, package: staged.package, previousVersion: nil)
        }
        #expect(error?.code == .refused)
        #expect(error?.detail.contains("was to be encrypted with AES256, but the server says that it is not") == true)
        #expect(bucket[root + "package.json"] == nil)
    }

    @Test func tagsThatWereForgottenAreGivenAfterwards() throws {
        let bucket = try FakeBucket()
        let staged = try StagedPackage(files: ["video/large.mp4": large, "video/small.mp4": "small"])
        _ = try store(bucket) { $0.tags = ["a": "1 & 2"] }.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        let tagging = bucket.server.requests.filter { $0.method == "PUT" && $0.query.hasPrefix("tagging") }
        #expect(tagging.map(\.path) == ["/films/\(root)video/large.mp4"])
        #expect(tagging.first?.text.contains("<Tag><Key>a</Key><Value>1 &amp; 2</Value></Tag>") == true)
    }

    /// rclone's server writes what is said of an object's tags over the object.
    @Test(arguments: [["large.mp4": String(repeating: "x", count: 6 << 20)], StagedPackage.usualFiles])
    func aServerThatKnowsNoTagsIsNotSentAny(_ files: [String: String]) throws {
        let bucket = try FakeBucket(FakeBucket.Habits(takesTagsForBytes: true))
        let error = failure {
            let staged = try StagedPackage(files: files)
            _ = try store(bucket) { $0.tags = ["a": "1"] }.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        }
        #expect(error?.code == .refused && error?.detail.contains("leave 'tags' out") == true, "\(String(describing: error))")
        #expect(!bucket.server.requests.contains { $0.method == "PUT" && $0.query.hasPrefix("tagging") })
        #expect(bucket[root + "package.json"] == nil)
    }

    /// A server that forgets the tags of all that it is sent, and takes them afterwards.
    @Test func tagsThatAreForgottenOfAllAreGivenToAll() throws {
        let bucket = try FakeBucket(FakeBucket.Habits(forgets: ["x-amz-tagging"]))
        let staged = try StagedPackage()
        _ = try store(bucket) { $0.tags = ["a": "1"] }.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        let tagged = bucket.server.requests.filter { $0.method == "PUT" && $0.query.hasPrefix("tagging") }.map(\.path)
        #expect(Set(tagged).count == 5 && tagged.count == 5)
    }

    /// It tells the SHA-256 that it was told, whatever it holds.
    @Test func aServerThatOnlyRepeatsChecksumsIsNotBelieved() throws {
        let damage: @Sendable (String, [UInt8]) -> [UInt8] = { key, bytes in
            key.hasSuffix("00002.m4s") ? bytes.dropLast() + [bytes[bytes.count - 1] ^ 1] : bytes
        }
        let bucket = try FakeBucket(FakeBucket.Habits(checksBodies: false, damage: damage))
        let staged = try StagedPackage()
        let error = failure { _ = try store(bucket).publish(staged: staged.path, package: staged.package, previousVersion: nil) }
        #expect(error?.code == .conflict && error?.detail.contains("00002.m4s") == true, "\(String(describing: error))")
        #expect(bucket[root + "package.json"] == nil)
    }

    /// The bytes that our own write has left are ours to replace.
    @Test func whatWasDamagedOnItsWayIsSentOnceMore() throws {
        let isSpoiled = Mutex(false)
        let bucket = try FakeBucket(
            FakeBucket.Habits(checksBodies: false) { key, bytes in
                let isFirst =
                    key.hasSuffix("00002.m4s")
                    && isSpoiled.withLock { spoiled in
                        defer { spoiled = true }
                        return !spoiled
                    }
                return isFirst ? bytes.dropLast() + [bytes[bytes.count - 1] ^ 1] : bytes
            })
        let staged = try StagedPackage()
        _ = try store(bucket).publish(staged: staged.path, package: staged.package, previousVersion: nil)
        #expect(bucket[root + "video/360p/00002.m4s"]?.bytes == Array("two".utf8))
        #expect(isSpoiled.withLock { $0 })
    }

    @Test func aServerThatCannotListUploadsTakesLargeObjects() throws {
        let bucket = try FakeBucket { request in
            request.method == "GET" && request.query.contains("uploads")
                ? .text(404, "<Error><Code>NoSuchUpload</Code></Error>") : nil
        }
        let staged = try StagedPackage(files: ["large.mp4": large])
        _ = try store(bucket).publish(staged: staged.path, package: staged.package, previousVersion: nil)
        #expect(bucket[root + "large.mp4"]?.bytes == Array(large.utf8))
    }

    @Test func copiesSayThatTheyHaveNoBody() throws {
        let bucket = try FakeBucket()
        let files = ["video/large.mp4": large, "video/small.mp4": "small"]
        let old = try StagedPackage(version: "1111111111111111", files: files)
        let new = try StagedPackage(files: files)
        let store = try store(bucket)
        _ = try store.publish(staged: old.path, package: old.package, previousVersion: nil)
        _ = try store.publish(staged: new.path, package: new.package, previousVersion: old.package.version)
        let copies = bucket.server.requests.filter { $0.headers["x-amz-copy-source"] != nil }
        #expect(Set(copies.map { $0.query.contains("partNumber") }) == [true, false])
        #expect(copies.allSatisfy { $0.headers["content-length"] == "0" })
    }

    @Test func whatAServerWouldDecodeIsAskedForAsItIs() throws {
        let bucket = try FakeBucket(FakeBucket.Habits(decodes: true))
        let staged = try StagedPackage()
        let report = try store(bucket) { $0.gzip = true }.send(staged: staged.path, package: staged.package, previousVersion: nil)
        #expect(report.sentObjects == 5 && bucket[root + "index.m3u8"]?.isEncoded == true)
    }

    /// Cloudflare's does for objects, but neither for parts nor for copies.
    @Test(arguments: [true, false]) func aServerThatKnowsNoChecksumsIsToldOnce(_ knowsThemForObjects: Bool) throws {
        let isRefused = { @Sendable (request: LoopbackServer.Request) in
            let hasChecksum = (request.headers["x-amz-checksum-sha256"] ?? request.headers["x-amz-checksum-algorithm"]) != nil
            let isForObjects = request.method == "POST" || (request.method == "PUT" && request.query.isEmpty)
            return hasChecksum && !(knowsThemForObjects && isForObjects && request.headers["x-amz-copy-source"] == nil)
        }
        let bucket = try FakeBucket(FakeBucket.Habits(tellsSHA256: false)) { request in
            isRefused(request) ? .text(501, "<Error><Code>NotImplemented</Code></Error>") : nil
        }
        let old = try StagedPackage(version: "1111111111111111", files: StagedPackage.usualFiles.merging(["large.mp4": large]) { $1 })
        let new = try StagedPackage()
        let store = try store(bucket) { $0.concurrency = 1 }
        _ = try store.publish(staged: old.path, package: old.package, previousVersion: nil)
        #expect(bucket["night-train/1111111111111111/large.mp4"]?.bytes == Array(large.utf8))
        #expect(try store.send(staged: new.path, package: new.package, previousVersion: old.package.version).copiedObjects == 4)
        // Once for each kind of call.
        #expect(bucket.server.requests.filter(isRefused).count == (knowsThemForObjects ? 2 : 3))
    }

    /// The bucket of these tests does not hold completions to their condition.
    @Test func aCompletionNeverOverwritesAnothersObject() throws {
        let staged = try StagedPackage(files: ["video/large.mp4": large])
        let key = root + "video/large.mp4"
        let bucket = try FakeBucket { request in
            guard request.method == "HEAD", request.path.hasSuffix(key) else { return nil }
            return .answer(200, headers: ["Content-Length": "7", "ETag": "\"x\"", "x-amz-meta-sha256": "ab"])
        }
        let error = failure { _ = try store(bucket).publish(staged: staged.path, package: staged.package, previousVersion: nil) }
        #expect(error?.code == .conflict)
        #expect(!bucket.server.requests.contains { $0.method == "POST" && $0.query.hasPrefix("uploadId") })
        #expect(bucket.server.requests.contains { $0.method == "DELETE" && $0.query.hasPrefix("uploadId") })
    }
}
