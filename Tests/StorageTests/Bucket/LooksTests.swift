import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// When objects are looked at, and `confirm: list`: one listing in place of many looks, and never less noticed.
@Suite struct LooksTests {
    let root = "night-train/0123456789abcdef/"
    static let many = Dictionary(
        uniqueKeysWithValues: (1...60).map { ("video/360p/\(100 + $0).m4s", "segment \($0)") } + [("index.m3u8", "#EXTM3U")])

    func publish(_ staged: StagedPackage, to bucket: FakeBucket) throws -> S3Store.Report {
        let store = try bucket.store {
            $0.confirmation = .list
            $0.concurrency = 2
        }
        return try store.send(staged: staged.path, package: staged.package, previousVersion: nil)
    }

    func looks(_ bucket: FakeBucket) -> [String] {
        bucket.server.requests.filter { $0.method == "HEAD" }.map { String($0.path.dropFirst("/films/\(root)".count)) }
    }

    @Test func aListingStandsForTheLooks() throws {
        let bucket = try FakeBucket()
        #expect(try publish(try StagedPackage(files: Self.many), to: bucket).sentObjects == 62)
        for (path, text) in Self.many { #expect(bucket[root + path]?.bytes == Array(text.utf8)) }
        let looks = looks(bucket)
        // The first of all, the first of its kind among the rest, and all that readers begin with.
        #expect(looks.count == 4 && looks.contains("index.m3u8") && looks.contains("package.json"), "\(looks)")
    }

    @Test func aServerThatHasNotShownThatItChecksIsAskedForEach() throws {
        let bucket = try FakeBucket(FakeBucket.Habits(tellsSHA256: false, checksBodies: false))
        _ = try publish(try StagedPackage(files: Self.many), to: bucket)
        #expect(Set(looks(bucket)).isSuperset(of: Self.many.keys))
    }

    @Test func whatTheListingDoesNotShowYetIsLookedAt() throws {
        let bucket = try FakeBucket { request in
            request.query.contains("list-type") ? .text(200, "<ListBucketResult></ListBucketResult>") : nil
        }
        _ = try publish(try StagedPackage(files: Self.many), to: bucket)
        #expect(Set(looks(bucket)) == Set(Self.many.keys).union(["package.json"]))
    }

    /// After the last segment was taken, before the listing.
    func bucketThatLoses(_ change: @escaping @Sendable (FakeBucket) -> Void) throws -> FakeBucket {
        let lists = Mutex(0)
        let late = Late()
        let bucket = try FakeBucket { request in
            guard request.query.contains("list-type") else { return nil }
            let isSecond = lists.withLock { count in
                count += 1
                return count == 2
            }
            if isSecond { late.bucket.withLock { $0 }.map(change) }
            return nil
        }
        late.bucket.withLock { $0 = bucket }
        return bucket
    }

    private final class Late: Sendable {
        let bucket = Mutex<FakeBucket?>(nil)
    }

    @Test func anObjectThatWentIsNoticed() throws {
        let key = root + "video/360p/150.m4s"
        let bucket = try bucketThatLoses { $0.remove(key) }
        let error = #expect(throws: TransferError.self) { try publish(try StagedPackage(files: Self.many), to: bucket) }
        #expect(error?.detail.contains("150.m4s is not there after it was written") == true, "\(error?.detail ?? "")")
        #expect(bucket[root + "index.m3u8"] == nil && bucket[root + "package.json"] == nil)
    }

    @Test func anObjectThatBecameAnotherIsNoticed() throws {
        let key = root + "video/360p/150.m4s"
        let bucket = try bucketThatLoses { $0.put(key, "segment 5O", FakeBucket.headers(of: "segment 50")) }
        let error = #expect(throws: TransferError.self) { try publish(try StagedPackage(files: Self.many), to: bucket) }
        #expect(error?.code == .conflict && error?.detail.contains("150.m4s") == true, "\(error?.detail ?? "")")
        #expect(bucket[root + "package.json"] == nil)
    }

    @Test(arguments: [S3Settings.Confirmation.head, .list]) func aHeaderThatIsForgottenIsNoticedAtTheFirstObject(
        _ confirmation: S3Settings.Confirmation
    ) throws {
        let bucket = try FakeBucket(FakeBucket.Habits(forgets: ["cache-control"]))
        let store = try bucket.store { $0.confirmation = confirmation }
        let staged = try StagedPackage(files: Self.many)
        let error = #expect(throws: TransferError.self) {
            try store.send(staged: staged.path, package: staged.package, previousVersion: nil)
        }
        #expect(error?.detail.contains("Cache-Control is not there") == true)
        #expect(bucket.keys.count == 1)
    }

    @Test func anEncryptionThatTheServerForgetsStopsEveryRun() throws {
        let bucket = try FakeBucket(FakeBucket.Habits(forgets: ["x-amz-server-side-encryption"]))
        let staged = try StagedPackage(files: Self.many)
        for _ in 0..<3 {
            let store = try bucket.store { $0.serverSideEncryption = "AES256" }
            let error = #expect(throws: TransferError.self) {
                try store.send(staged: staged.path, package: staged.package, previousVersion: nil)
            }
            #expect(error?.detail.contains("was to be encrypted with AES256") == true)
            #expect(bucket.keys.count == 1)
        }
    }
}
