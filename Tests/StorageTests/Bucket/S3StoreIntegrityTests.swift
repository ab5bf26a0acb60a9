import Foundation
import MediaModel
import S3
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// Whether what lies in the store is what was sent, with a server's every habit.
@Suite struct S3StoreIntegrityTests {
    let root = "night-train/0123456789abcdef/"
    /// A server that keeps no SHA-256: only sizes, ETags and what we wrote ourselves can be compared.
    let plain = FakeBucket.Habits(tellsSHA256: false, checksBodies: false)

    func store(_ bucket: FakeBucket, _ change: (inout S3Settings) -> Void = { _ in }) throws -> S3Store { try bucket.store(change) }

    @discardableResult
    func publish(_ staged: StagedPackage, _ store: S3Store, after previous: String? = nil) throws -> S3Store.Report {
        try store.send(staged: staged.path, package: staged.package, previousVersion: previous)
    }

    func failure(_ body: () throws -> Void) -> TransferError? {
        do {
            try body()
            return nil
        } catch {
            return error as? TransferError
        }
    }

    static let large = String(repeating: "0123456789abcdef", count: 11 << 16)

    /// Same size, same metadata.
    static func flipped(_ name: String) -> @Sendable (String, [UInt8]) -> [UInt8] {
        { key, bytes in key.hasSuffix(name) && !bytes.isEmpty ? [bytes[0] ^ 1] + bytes.dropFirst() : bytes }
    }

    @Test func aStoreThatTellsNoChecksumIsHeldToItsETags() throws {
        let bucket = try FakeBucket(plain)
        let staged = try StagedPackage(files: StagedPackage.usualFiles.merging(["large.mp4": Self.large]) { $1 })
        let report = try publish(staged, try store(bucket))
        #expect(report.sentObjects + report.keptObjects == 6)
        #expect(try publish(staged, try store(bucket)).keptObjects == 6)
    }

    /// That it tells a SHA-256 is no proof: it may only repeat it.
    @Test(arguments: [true, false]) func aStoreThatRefusesAWrongBodyIsBelievedWithoutMD5(_ tellsSHA256: Bool) throws {
        let bucket = try FakeBucket(FakeBucket.Habits(tellsSHA256: tellsSHA256))
        let staged = try StagedPackage(files: StagedPackage.usualFiles.merging(["large.mp4": Self.large]) { $1 })
        let store = try store(bucket)
        #expect(try publish(staged, store).sentObjects == 6)
        #expect(store.client.bodyTrust.refusesOthers && !store.client.bodyTrust.needsMD5)
        let wrong = bucket.server.requests.filter { $0.headers["x-amz-content-sha256"] == BodyTrust.wrongSHA256 }
        #expect(wrong.count == 1 && wrong[0].headers["x-amz-checksum-sha256"] == nil)
        for (path, text) in StagedPackage.usualFiles { #expect(bucket[root + path]?.bytes == Array(text.utf8)) }
    }

    @Test func aWrongBodyThatIsTakenHarmsNothing() throws {
        let bucket = try FakeBucket(plain)
        let staged = try StagedPackage(files: ["large.mp4": Self.large])
        let store = try store(bucket)
        try publish(staged, store)
        #expect(bucket.server.requests.contains { $0.headers["x-amz-content-sha256"] == BodyTrust.wrongSHA256 })
        #expect(store.client.bodyTrust.needsMD5)
        #expect(bucket[root + "large.mp4"]?.bytes == Array(Self.large.utf8))
    }

    /// Of the same size, so that only its checksum tells; or its list, of which somebody has the right one.
    @Test(arguments: ["video/360p/00001.m4s", "package.json"]) func whatIsKnownToBePublishedIsPutRight(_ name: String) throws {
        let bucket = try FakeBucket(FakeBucket.Habits())
        let staged = try StagedPackage()
        try publish(staged, try store(bucket))
        let whole = try #require(bucket[root + name])
        var broken = whole
        broken.bytes[broken.bytes.count / 2] ^= 1
        bucket.put(root + name, broken, etag: Digest.hexMD5(broken.bytes), sha256: Digest.hexSHA256(broken.bytes))
        #expect(failure { try publish(staged, try store(bucket)) }?.code == .conflict)
        let report = try store(bucket).send(staged: staged.path, package: staged.package, previousVersion: nil, mends: true)
        #expect(report.sentObjects == 1)
        #expect(bucket[root + name]?.bytes == whole.bytes)
    }

    @Test func aBodyThatWasDamagedOnItsWayToTheDiskIsNoticed() throws {
        let bucket = try FakeBucket(FakeBucket.Habits(tellsSHA256: false, checksBodies: false, damage: Self.flipped("00001.m4s")))
        let error = failure { try publish(try StagedPackage(), try store(bucket)) }
        #expect(error?.code == .conflict)
        #expect(error?.detail.contains("ETag") == true && error?.detail.contains("MD5") == true)
        #expect(bucket[root + "package.json"] == nil)
    }

    @Test func aDamagedObjectThatWasThereIsNoticed() throws {
        let bucket = try FakeBucket(plain)
        bucket.put(root + "video/360p/00001.m4s", "onE", FakeBucket.headers(of: "one"))
        #expect(failure { try publish(try StagedPackage(), try store(bucket)) }?.code == .conflict)
    }

    @Test func aCopyOfADamagedObjectIsReplaced() throws {
        let bucket = try FakeBucket(plain)
        let old = try StagedPackage(version: "1111111111111111")
        try publish(old, try store(bucket))
        bucket.put("night-train/1111111111111111/video/360p/00001.m4s", "onE", FakeBucket.headers(of: "one"))
        let report = try publish(try StagedPackage(), try store(bucket), after: "1111111111111111")
        #expect(bucket[root + "video/360p/00001.m4s"]?.bytes == Array("one".utf8))
        #expect(report.copiedObjects == 3)
    }

    @Test func aPartThatIsDamagedAgainAndAgainIsNeverCompleted() throws {
        let bucket = try FakeBucket(FakeBucket.Habits(tellsSHA256: false, checksBodies: false, damage: Self.flipped("large.mp4")))
        let error = failure { try publish(try StagedPackage(files: ["large.mp4": Self.large]), try store(bucket)) }
        #expect(error?.detail.contains("part ") == true)
        #expect(bucket.keys.isEmpty)
    }

    @Test(arguments: [
        FakeBucket.Habits(), FakeBucket.Habits(tellsSHA256: false), FakeBucket.Habits(tellsSHA256: false, checksBodies: false),
    ]) func partsAreHeldAgainstThePiecesThatAreListed(_ habits: FakeBucket.Habits) throws {
        let bucket = try FakeBucket(habits)
        let staged = try StagedPackage(files: ["large.mp4": Self.large], pieceBytes: 5 << 20)
        #expect(try publish(staged, try store(bucket)).sentObjects == 2)
        #expect(bucket[root + "large.mp4"]?.bytes == Array(Self.large.utf8))
        let other = try FakeBucket(habits)
        var damaged = Array(Self.large.utf8)
        damaged[6 << 20] ^= 1
        try staged.folder.write(Data(damaged), to: "large.mp4")
        let error = failure { try publish(staged, try store(other)) }
        #expect(error?.code == .invalidPackage && error?.detail.contains("large.mp4") == true, "\(String(describing: error))")
        #expect(other.keys.isEmpty)
    }

    @Test func anUploadGoesOnOnlyWithPartsThatAreListed() throws {
        let bucket = try FakeBucket(FakeBucket.Habits(tellsSHA256: false))
        let staged = try StagedPackage(files: ["large.mp4": Self.large], pieceBytes: 5 << 20)
        // The first part is what lies here now, and not what is listed.
        var damaged = Array(Self.large.utf8)
        damaged[0] ^= 1
        bucket.begin(root + "large.mp4", parts: [1: Array(damaged[..<(5 << 20)])], headers: FakeBucket.headers(of: Self.large))
        try staged.folder.write(Data(damaged), to: "large.mp4")
        #expect(failure { try publish(staged, try store(bucket)) }?.code == .invalidPackage)
        #expect(bucket.keys.isEmpty)
    }

    @Test func anETagOfAPartThatCameWrongIsAskedForAgain() throws {
        let isFirst = Mutex(true)
        let bucket = try FakeBucket(plain) { request in
            guard request.query.contains("partNumber=1&"), request.method == "PUT" else { return nil }
            let first = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            return first ? .text(200, "", headers: ["ETag": "\"\(String(repeating: "0", count: 32))\""]) : nil
        }
        try publish(try StagedPackage(files: ["large.mp4": Self.large]), try store(bucket))
        #expect(bucket[root + "large.mp4"]?.bytes == Array(Self.large.utf8))
    }

    @Test(arguments: [true, false]) func aKeptObjectInPartsOfAnotherSizeIsCompared(_ tellsSHA256: Bool) throws {
        let staged = try StagedPackage(files: ["large.mp4": Self.large])
        let habits = FakeBucket.Habits(tellsSHA256: tellsSHA256)
        let bucket = try FakeBucket(habits)
        try publish(staged, try store(bucket))
        #expect(try publish(staged, try store(bucket) { $0.partBytes = 7 << 20 }).keptObjects == 2)
        let spoiled = try FakeBucket(habits)
        let object = try #require(bucket[root + "large.mp4"])
        spoiled.put(root + "large.mp4", object, etag: "\(String(repeating: "0", count: 32))-3", sha256: "AAAA-3")
        #expect(failure { try publish(staged, try store(spoiled)) }?.code == .conflict)
    }

    @Test func underACustomersKeyETagsSayNothing() throws {
        let sealed = try FakeBucket(FakeBucket.Habits(tellsSHA256: false)) { request in
            guard request.method == "HEAD", request.path.hasSuffix("00001.m4s") else { return nil }
            let facts = [
                "Content-Length": "3", "ETag": "\"\(String(repeating: "0", count: 32))\"", "x-amz-server-side-encryption": "aws:kms",
            ]
            return .answer(200, headers: facts.merging(FakeBucket.headers(of: "one")) { first, _ in first })
        }
        sealed.put(root + "video/360p/00001.m4s", "one", FakeBucket.headers(of: "one"))
        #expect(try publish(try StagedPackage(), try store(sealed)).keptObjects == 1)
    }

    @Test func aStoreThatForgetsAHeaderIsSaidSo() throws {
        let bucket = try FakeBucket(FakeBucket.Habits(forgets: ["cache-control"]))
        let error = failure { try publish(try StagedPackage(), try store(bucket)) }
        #expect(error?.detail.contains("Cache-Control is not there") == true)
        #expect(bucket[root + "package.json"] == nil)
    }

    @Test func aPublishedObjectThatIsServedWrongIsSaidSo() throws {
        let bucket = try FakeBucket()
        try publish(try StagedPackage(), try store(bucket))
        let headers = FakeBucket.headers(of: "one").merging(["content-type": "binary/octet-stream"]) { $1 }
        bucket.put(root + "video/360p/00001.m4s", "one", headers)
        let error = failure { try publish(try StagedPackage(), try store(bucket)) }
        #expect(error?.detail.contains("Content-Type is binary/octet-stream, not text/plain") == true)
    }

    @Test(arguments: [true, false]) func playlistsOfAnEarlierRunMayBeEncodedOrNot(_ wasEncoded: Bool) throws {
        let bucket = try FakeBucket(FakeBucket.Habits(tellsSHA256: false))
        let staged = try StagedPackage(files: ["video/media.m3u8": String(repeating: "#EXTINF", count: 100), "index.m3u8": "#EXTM3U"])
        let first = try store(bucket) { $0.gzip = wasEncoded }
        try publish(staged, first)
        try first.client.delete([root + "package.json", root + "index.m3u8"])
        let report = try publish(staged, try store(bucket) { $0.gzip = !wasEncoded })
        #expect(report.keptObjects == 1 && report.sentObjects == 2)
        #expect(try first.holds(title: "night-train", version: "0123456789abcdef"))
    }

    // MARK: Servers that do not know a condition

    @Test func aServerThatKnowsNoConditionForCopiesStillCopies() throws {
        let bucket = try FakeBucket { request in
            guard request.headers["x-amz-copy-source"] != nil, request.headers["if-none-match"] != nil else { return nil }
            return .text(501, "<Error><Code>NotImplemented</Code></Error>")
        }
        let old = try StagedPackage(version: "1111111111111111")
        try publish(old, try store(bucket))
        let report = try publish(try StagedPackage(), try store(bucket) { $0.concurrency = 1 }, after: "1111111111111111")
        #expect(report.copiedObjects == 4 && report.sentObjects == 1)
        let refused = bucket.server.requests.filter { $0.headers["x-amz-copy-source"] != nil && $0.headers["if-none-match"] != nil }
        // With a checksum and without: which of the two the server means, only that tells.
        #expect(refused.count == 2)
    }

    @Test(arguments: ["one", "other"]) func aCopyNeverOverwritesWhatCameInBetween(_ text: String) throws {
        let key = root + "video/360p/00001.m4s"
        var habits = FakeBucket.Habits(holdsCopiesToConditions: true)
        habits.before = { bucket, request in
            if request.headers["x-amz-copy-source"] != nil, request.path.hasSuffix(key) {
                bucket.put(key, text, FakeBucket.headers(of: text))
            }
        }
        let bucket = try FakeBucket(habits)
        let old = try StagedPackage(version: "1111111111111111")
        try publish(old, try store(bucket))
        let error = failure {
            let report = try publish(try StagedPackage(), try store(bucket), after: "1111111111111111")
            #expect(report.copiedObjects == 3 && report.keptObjects == 1)
        }
        #expect(error?.code == (text == "one" ? nil : .conflict))
        #expect(bucket[key]?.bytes == Array(text.utf8))
    }

    @Test func aServerThatKnowsNoConditionAtAllSaysWhichKeyToWrite() throws {
        let bucket = try FakeBucket { request in
            guard request.method == "PUT", request.headers["if-none-match"] != nil else { return nil }
            return .text(501, "<Error><Code>NotImplemented</Code><Message>A header is not implemented</Message></Error>")
        }
        let error = failure { try publish(try StagedPackage(), try store(bucket)) }
        #expect(error?.code == .refused)
        #expect(error?.detail.contains("conditional_writes: false") == true)
        #expect(failure { try publish(try StagedPackage(), try store(bucket) { $0.conditionalWrites = false }) } == nil)
    }

    // MARK: Elsewhere

    @Test func aRedirectToAHostThatNamesTheBucketKeepsTheKeys() throws {
        let elsewhere = try FakeBucket()
        let bucket = try FakeBucket { _ in
            let host = "films.localhost:\(elsewhere.server.port)"
            return .text(301, "<Error><Code>PermanentRedirect</Code><Endpoint>\(host)</Endpoint></Error>")
        }
        let report = try publish(try StagedPackage(), try store(bucket))
        #expect(elsewhere.keys == (StagedPackage.usualFiles.keys + ["package.json"]).map { root + $0 }.sorted())
        #expect(elsewhere.server.requests.filter { $0.method == "PUT" }.allSatisfy { $0.path.hasPrefix("/night-train/") })
        #expect(report.location == "\(bucket.server.url)/films/night-train/0123456789abcdef")
    }

    // MARK: Uploads that somebody left

    @Test(arguments: [true, false]) func anUploadGoesOnWhateverTheServerTellsOfThem(_ listsByWholeKey: Bool) throws {
        let bucket = try FakeBucket(FakeBucket.Habits(listsUploadsByWholeKey: listsByWholeKey))
        let bytes = Array(Self.large.utf8)
        let headers = FakeBucket.headers(of: Self.large)
        bucket.begin(root + "large.mp4", parts: [1: Array(bytes[..<(5 << 20)])], headers: headers)
        try publish(try StagedPackage(files: ["large.mp4": Self.large]), try store(bucket))
        #expect(bucket[root + "large.mp4"]?.bytes == bytes)
        #expect(bucket.server.requests.filter { $0.query.contains("partNumber") && $0.method == "PUT" }.count == 2)
    }

    @Test func whatOthersLeftHidesNoPartsOfOurs() throws {
        let bucket = try FakeBucket()
        let key = root + "large.mp4"
        let (bytes, headers) = (Array(Self.large.utf8), FakeBucket.headers(of: Self.large))
        bucket.begin(key, parts: [1: Array(bytes[..<(5 << 20)])], headers: headers, at: "2020-01-01T00:00:00.000Z")
        bucket.begin(key, at: "2021-01-01T00:00:00.000Z")
        bucket.begin(key, parts: [1: [UInt8](repeating: 0, count: 5 << 20)], at: "2022-01-01T00:00:00.000Z")
        try publish(try StagedPackage(files: ["large.mp4": Self.large]), try store(bucket))
        #expect(bucket[key]?.bytes == bytes)
        #expect(bucket.server.requests.filter { $0.query.contains("partNumber") && $0.method == "PUT" }.count == 2)
    }

    /// The bucket refuses parts of another kind, as Amazon does.
    @Test(arguments: [true, false], [S3Settings.Checksum.sha256, .md5])
    func partsOfOneUploadAreCheckedAlike(_ hasSHA256: Bool, _ checksum: S3Settings.Checksum) throws {
        let bucket = try FakeBucket()
        let bytes = Array(Self.large.utf8)
        var headers = FakeBucket.headers(of: Self.large)
        if hasSHA256 { headers["x-amz-checksum-algorithm"] = "SHA256" }
        bucket.begin(root + "large.mp4", parts: [1: Array(bytes[..<(5 << 20)])], headers: headers)
        try publish(try StagedPackage(files: ["large.mp4": Self.large]), try store(bucket) { $0.checksum = checksum })
        #expect(bucket[root + "large.mp4"]?.bytes == bytes)
        let parts = bucket.server.requests.filter { $0.query.contains("partNumber") && $0.method == "PUT" }
        let isBegunAnew = hasSHA256 && checksum == .md5
        #expect(parts.count == (isBegunAnew ? 3 : 2))
        let isSHA256 = hasSHA256 && checksum == .sha256
        #expect(parts.allSatisfy { ($0.headers["x-amz-checksum-sha256"] != nil) == isSHA256 })
        #expect(parts.allSatisfy { ($0.headers["content-md5"] != nil) == !isSHA256 })
    }

    @Test(arguments: [true, false]) func abandonedUploadsAreFoundWhateverTheServerTellsOfThem(_ listsByWholeKey: Bool) throws {
        let bucket = try FakeBucket(FakeBucket.Habits(listsUploadsByWholeKey: listsByWholeKey))
        bucket.begin("published/night-train/0123456789abcdef/large.mp4", parts: [:])
        let titles: Set = ["night-train"]
        #expect(try store(bucket) { $0.prefix = "published" }.abandonedUploads(of: titles, before: Date()).count == 1)
        #expect(try store(bucket) { $0.prefix = "other" }.abandonedUploads(of: titles, before: Date()).isEmpty)
    }

    // MARK: Keys

    @Test func keysThatWereGivenAnewAreReadAgain() throws {
        let folder = try TemporaryFolder()
        try folder.write("[default]\naws_access_key_id = OLD\naws_secret_access_key = s", to: ".aws/credentials")
        let bucket = try FakeBucket { request in
            guard request.headers["authorization"]?.contains("Credential=OLD/") == true else { return nil }
            _ = try? folder.write("[default]\naws_access_key_id = NEW\naws_secret_access_key = s", to: ".aws/credentials")
            return .text(403, "<Error><Code>InvalidAccessKeyId</Code></Error>")
        }
        var settings = S3Settings(bucket: "films")
        settings.endpoint = bucket.server.url
        let surroundings = Surroundings(environment: ["AWS_EC2_METADATA_DISABLED": "true"], home: folder.path)
        try publish(try StagedPackage(), try S3Store(settings, surroundings: surroundings))
        #expect(bucket.server.requests.filter { $0.headers["authorization"]?.contains("=OLD/") == true }.count == 1)
        #expect(bucket.keys.count == 5)
    }
}
