import Foundation
import MediaModel
import Synchronization
import TestSupport

@testable import S3
@testable import Storage

/// A bucket in memory that answers as S3 does, as far as the store asks, and does first what a test says.
final class FakeBucket: Sendable {
    struct Object: Sendable, Equatable {
        var bytes: [UInt8]
        var headers: [String: String]
        var etag: String

        var isEncoded: Bool { headers["content-encoding"] == "gzip" }
    }

    /// In what stores differ from each other.
    struct Habits: Sendable {
        /// The SHA-256 of an object is told with it.
        var tellsSHA256 = true
        /// Uploads are told for a whole key or the whole bucket, as MinIO does.
        var listsUploadsByWholeKey = false
        /// A body that is not the one that was signed is refused.
        var checksBodies = true
        /// What becomes of a body on its way to the disk.
        var damage: @Sendable (_ key: String, _ bytes: [UInt8]) -> [UInt8] = { $1 }
        /// Headers that are forgotten.
        var forgets: Set<String> = []
        /// What is encoded is decoded for those who do not say that they accept it, without a size and an ETag, as Google does.
        var decodes = false
        /// What is said of an object's tags is taken for the object itself, as rclone does.
        var takesTagsForBytes = false
        /// A copy that may not overwrite does not.
        var holdsCopiesToConditions = false
        /// What others do just before a request arrives.
        var before: @Sendable (_ bucket: FakeBucket, _ request: LoopbackServer.Request) -> Void = { _, _ in }
        /// Whether a request is carried out, and its answer never arrives.
        var losesAnswer: @Sendable (_ request: LoopbackServer.Request) -> Bool = { _ in false }
    }

    private struct Upload: Sendable {
        var key: String
        var headers: [String: String]
        var parts: [Int: [UInt8]] = [:]
        var initiated = "2020-01-01T00:00:00.000Z"

        var wantsSHA256: Bool { headers["x-amz-checksum-algorithm"] == "SHA256" }
    }

    private let objects = Mutex<[String: Object]>([:])
    private let uploads = Mutex<[String: Upload]>([:])
    /// As they were written, by key.
    private let tags = Mutex<[String: String]>([:])
    private let uploadCount = Atomic(0)
    private let habits: Habits
    let server: LoopbackServer

    /// - Parameter intercept: an answer instead of the bucket's own; nil: the bucket's own.
    init(
        _ habits: Habits = Habits(), intercept: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply? = { _ in nil }
    ) throws {
        self.habits = habits
        let answer = Mutex<(@Sendable (LoopbackServer.Request) -> LoopbackServer.Reply)?>(nil)
        let shared = Shared(answer)
        server = try LoopbackServer { request in
            intercept(request) ?? shared.value.withLock { $0 }?(request) ?? .text(500, "")
        }
        let answering: @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply = { [weak self] request in
            guard let self else { return .text(500, "") }
            habits.before(self, request)
            let reply = self.answer(request)
            return habits.losesAnswer(request) ? .hangUp : reply
        }
        shared.value.withLock { $0 = answering }
    }

    private final class Shared: Sendable {
        let value: Mutex<(@Sendable (LoopbackServer.Request) -> LoopbackServer.Reply)?>
        init(_ value: consuming sending Mutex<(@Sendable (LoopbackServer.Request) -> LoopbackServer.Reply)?>) { self.value = value }
    }

    /// A store that has its packages here; what comes in parts is small enough for tests.
    func store(_ change: (inout S3Settings) -> Void = { _ in }) throws -> S3Store {
        var settings = S3Settings(bucket: "films")
        settings.endpoint = server.url
        settings.multipartThreshold = 6 << 20
        settings.copyThreshold = 6 << 20
        settings.partBytes = 5 << 20
        change(&settings)
        return try S3Store(settings, surroundings: Self.surroundings)
    }

    subscript(_ key: String) -> Object? {
        get { objects.withLock { $0[key] } }
    }

    func put(_ key: String, _ text: String, _ headers: [String: String] = [:]) {
        store(key, Array(text.utf8), headers, etag: Digest.hexMD5(Array(text.utf8)))
    }

    func remove(_ key: String) { objects.withLock { $0[key] = nil } }

    /// An object of another bucket, with other checksums.
    func put(_ key: String, _ object: Object, etag: String, sha256: String) {
        var object = object
        object.etag = etag
        if habits.tellsSHA256 { object.headers["x-amz-checksum-sha256"] = sha256 }
        objects.withLock { [object] in $0[key] = object }
    }

    /// As an interrupted run leaves it.
    @discardableResult
    func begin(
        _ key: String, parts: [Int: [UInt8]] = [:], headers: [String: String] = [:], at time: String = "2020-01-01T00:00:00.000Z"
    ) -> String {
        let id = "upload-\(uploadCount.add(1, ordering: .relaxed).newValue)"
        uploads.withLock { $0[id] = Upload(key: key, headers: headers, parts: parts, initiated: time) }
        return id
    }

    /// As the store writes a file of a `StagedPackage`.
    static func headers(of text: String) -> [String: String] {
        [
            "x-amz-meta-sha256": Digest.hexSHA256(Array(text.utf8)), "content-type": "text/plain",
            "cache-control": OutgoingObject.cacheControl,
        ]
    }

    var keys: [String] { objects.withLock { $0.keys.sorted() } }

    /// What was asked, without the one wrong body that shows whether bodies are checked.
    var requests: [LoopbackServer.Request] { server.requests.filter { $0.headers["x-amz-content-sha256"] != BodyTrust.wrongSHA256 } }

    /// Methods and keys of what was asked, without the looks: `PUT title/version/x`.
    var writes: [String] {
        requests.filter { $0.method != "GET" && $0.method != "HEAD" }.map { "\($0.method) \($0.path.dropFirst("/films/".count))" }
    }

    static let surroundings = Surroundings(
        environment: ["AWS_ACCESS_KEY_ID": "KEY", "AWS_SECRET_ACCESS_KEY": "geheim", "AWS_EC2_METADATA_DISABLED": "true"], home: "/nowhere")

    private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        let isByHost = request.headers["host"]?.hasPrefix("films.") == true
        let key = String(request.path.dropFirst(isByHost ? 1 : "/films/".count)).removingPercentEncoding ?? ""
        let query = URLComponents(string: "/?" + request.query)?.queryItems ?? []
        let value = { (name: String) in query.first { $0.name == name }?.value }
        switch request.method {
        case "GET" where value("list-type") != nil: return list(value("prefix") ?? "")
        case "GET" where value("uploads") != nil || query.contains { $0.name == "uploads" }:
            return listUploads(value("prefix") ?? "")
        case "GET" where value("uploadId") != nil: return listParts(value("uploadId") ?? "")
        case "GET" where !habits.takesTagsForBytes && query.contains { $0.name == "tagging" }:
            return tags.withLock { $0[key] }.map { .text(200, $0) } ?? .text(404, "<Error><Code>NoSuchTagSet</Code></Error>")
        case "HEAD" where habits.decodes && request.headers["accept-encoding"] != "gzip" && self[key]?.isEncoded == true:
            return .raw("HTTP/1.1 200 Fine\r\nContent-Type: text/plain\r\n\r\n")
        case "HEAD" where value("partNumber") == "1": return read(key, firstPart: true)
        case "GET", "HEAD": return read(key)
        case "PUT" where request.headers["x-amz-copy-source"] != nil: return copy(request, key)
        case "PUT" where !habits.takesTagsForBytes && query.contains { $0.name == "tagging" }:
            tags.withLock { $0[key] = request.text }
            return .text(200, "")
        case "PUT" where habits.checksBodies && request.headers["x-amz-content-sha256"] != Digest.hexSHA256(request.body):
            return .text(400, "<Error><Code>XAmzContentSHA256Mismatch</Code></Error>")
        case "PUT" where value("partNumber") != nil:
            let number = Int(value("partNumber") ?? "") ?? 0
            let upload = uploads.withLock { $0[value("uploadId") ?? ""] }
            if habits.tellsSHA256, let upload, upload.wantsSHA256 != (request.headers["x-amz-checksum-sha256"] != nil) {
                return .text(400, "<Error><Code>InvalidRequest</Code><Message>Checksum Type mismatch occurred</Message></Error>")
            }
            let bytes = habits.damage(key, request.body)
            uploads.withLock { $0[value("uploadId") ?? ""]?.parts[number] = bytes }
            return .text(200, "", headers: ["ETag": "\"\(Digest.hexMD5(bytes))\""])
        case "PUT": return write(request, key)
        case "POST" where query.contains { $0.name == "uploads" }:
            let id = begin(key, headers: request.headers)
            return .text(
                200, "<InitiateMultipartUploadResult><UploadId>\(id)</UploadId></InitiateMultipartUploadResult>",
                headers: habits.tellsSHA256 ? ["x-amz-checksum-algorithm": "SHA256"] : [:])
        case "POST" where value("uploadId") != nil:
            guard let upload = uploads.withLock({ $0.removeValue(forKey: value("uploadId") ?? "") }) else {
                return .text(404, "<Error><Code>NoSuchUpload</Code></Error>")
            }
            let parts = upload.parts.sorted { $0.key < $1.key }.map(\.value)
            let etag = ETag.composite(parts.map { Digest.hexMD5($0) }) ?? ""
            var headers = upload.headers
            headers["first-part"] = String(parts.first?.count ?? 0)
            if habits.tellsSHA256 {
                headers["x-amz-checksum-sha256"] = Digest.compositeSHA256(parts.compactMap { Digest.base64(hex: Digest.hexSHA256($0)) })
            }
            store(key, parts.flatMap { $0 }, headers, etag: etag)
            return .text(200, "<CompleteMultipartUploadResult><ETag>\"\(etag)\"</ETag></CompleteMultipartUploadResult>")
        case "DELETE" where value("uploadId") != nil:
            uploads.withLock { $0[value("uploadId") ?? ""] = nil }
            return .text(204, "")
        case "DELETE":
            remove(key)
            return .text(204, "")
        case "POST" where query.contains { $0.name == "delete" }: return delete(request)
        default: return .text(501, "<Error><Code>NotImplemented</Code></Error>")
        }
    }

    private func read(_ key: String, firstPart: Bool = false) -> LoopbackServer.Reply {
        guard let object = self[key] else { return .text(404, "<Error><Code>NoSuchKey</Code></Error>") }
        var headers = object.headers
        headers["ETag"] = "\"\(object.etag)\""
        let first = headers.removeValue(forKey: "first-part")
        headers["Content-Length"] = firstPart ? first ?? String(object.bytes.count) : String(object.bytes.count)
        return .answer(200, headers: headers, body: object.bytes)
    }

    private func write(_ request: LoopbackServer.Request, _ key: String) -> LoopbackServer.Reply {
        if request.headers["if-none-match"] == "*", self[key] != nil {
            return .text(412, "<Error><Code>PreconditionFailed</Code></Error>")
        }
        let bytes = habits.damage(key, request.body)
        let etag = Digest.hexMD5(bytes)
        store(key, bytes, request.headers, etag: etag)
        if let wanted = request.headers["x-amz-tagging"], !habits.forgets.contains("x-amz-tagging") {
            let pairs = URLComponents(string: "/?\(wanted)")?.queryItems ?? []
            let all = pairs.map { "<Tag><Key>\($0.name)</Key><Value>\(S3Client.escaped($0.value ?? ""))</Value></Tag>" }.joined()
            tags.withLock { $0[key] = "<Tagging><TagSet>\(all)</TagSet></Tagging>" }
        }
        var headers = ["ETag": "\"\(etag)\""]
        if habits.tellsSHA256 { headers["x-amz-checksum-sha256"] = request.headers["x-amz-checksum-sha256"] }
        return .text(200, "", headers: headers)
    }

    private func store(_ key: String, _ bytes: [UInt8], _ headers: [String: String], etag: String) {
        var names: Set<String> = ["content-type", "cache-control", "content-encoding", "x-amz-server-side-encryption", "first-part"]
        if habits.tellsSHA256 { names.insert("x-amz-checksum-sha256") }
        let kept = headers.filter { name, _ in
            (name.hasPrefix("x-amz-meta-") || name.hasPrefix("x-amz-server-side-encryption") || names.contains(name))
                && !habits.forgets.contains(name)
        }
        objects.withLock { $0[key] = Object(bytes: bytes, headers: kept, etag: etag) }
    }

    private func listUploads(_ prefix: String) -> LoopbackServer.Reply {
        let found = uploads.withLock { uploads in
            uploads.filter { _, upload in
                habits.listsUploadsByWholeKey && !prefix.isEmpty ? upload.key == prefix : upload.key.hasPrefix(prefix)
            }
        }
        let lines = found.map { id, upload in
            "<Upload><Key>\(upload.key)</Key><UploadId>\(id)</UploadId><Initiated>\(upload.initiated)</Initiated></Upload>"
        }
        return .text(200, "<ListMultipartUploadsResult>\(lines.joined())</ListMultipartUploadsResult>")
    }

    private func listParts(_ id: String) -> LoopbackServer.Reply {
        guard let upload = uploads.withLock({ $0[id] }) else { return .text(404, "<Error><Code>NoSuchUpload</Code></Error>") }
        let lines = upload.parts.map { number, bytes in
            let sha256 = Digest.base64(hex: Digest.hexSHA256(bytes)) ?? ""
            let checksum = habits.tellsSHA256 && upload.wantsSHA256 ? "<ChecksumSHA256>\(sha256)</ChecksumSHA256>" : ""
            let facts = "<PartNumber>\(number)</PartNumber><Size>\(bytes.count)</Size><ETag>\(Digest.hexMD5(bytes))</ETag>"
            return "<Part>\(facts)\(checksum)</Part>"
        }
        return .text(200, "<ListPartsResult>\(lines.joined())</ListPartsResult>")
    }

    private func copy(_ request: LoopbackServer.Request, _ key: String) -> LoopbackServer.Reply {
        let source = (request.headers["x-amz-copy-source"] ?? "").removingPercentEncoding ?? ""
        guard let object = self[String(source.dropFirst("/films/".count))] else {
            return .text(404, "<Error><Code>NoSuchKey</Code></Error>")
        }
        if habits.holdsCopiesToConditions, request.headers["if-none-match"] == "*", self[key] != nil {
            return .text(412, "<Error><Code>PreconditionFailed</Code></Error>")
        }
        if request.headers["x-amz-metadata-directive"] == "REPLACE" {
            let checksum = object.headers.filter { $0.key == "x-amz-checksum-sha256" }
            store(key, object.bytes, checksum.merging(request.headers) { $1 }, etag: object.etag)
        } else {
            objects.withLock { $0[key] = object }
        }
        return .text(200, "<CopyObjectResult><ETag>\"\(object.etag)\"</ETag></CopyObjectResult>")
    }

    private func list(_ prefix: String) -> LoopbackServer.Reply {
        let found = objects.withLock { $0.filter { $0.key.hasPrefix(prefix) } }.sorted { $0.key < $1.key }
        let lines = found.map { key, object in
            "<Contents><Key>\(key)</Key><Size>\(object.bytes.count)</Size><ETag>&quot;\(object.etag)&quot;</ETag></Contents>"
        }
        return .text(200, "<ListBucketResult>\(lines.joined())</ListBucketResult>")
    }

    private func delete(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        for piece in request.text.components(separatedBy: "<Key>").dropFirst() {
            let key = piece.components(separatedBy: "</Key>")[0]
            objects.withLock { $0[key] = nil }
        }
        return .text(200, "<DeleteResult></DeleteResult>")
    }
}
