import Foundation
import Publishing
import Synchronization
import TestSupport

/// A bucket in memory that answers as S3 does, as far as the store asks, and does first what a test says.
final class FakeBucket: Sendable {
    struct Object: Sendable, Equatable {
        var bytes: [UInt8]
        var headers: [String: String]
    }

    private let objects = Mutex<[String: Object]>([:])
    private let uploads = Mutex<[String: [Int: [UInt8]]]>([:])
    let server: LoopbackServer

    /// - Parameter intercept: an answer instead of the bucket's own; nil: the bucket's own.
    init(intercept: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply? = { _ in nil }) throws {
        let answer = Mutex<(@Sendable (LoopbackServer.Request) -> LoopbackServer.Reply)?>(nil)
        let shared = Shared(answer)
        server = try LoopbackServer { request in
            intercept(request) ?? shared.value.withLock { $0 }?(request) ?? .text(500, "")
        }
        shared.value.withLock { $0 = { [weak self] request in self?.answer(request) ?? .text(500, "") } }
    }

    private final class Shared: Sendable {
        let value: Mutex<(@Sendable (LoopbackServer.Request) -> LoopbackServer.Reply)?>
        init(_ value: consuming sending Mutex<(@Sendable (LoopbackServer.Request) -> LoopbackServer.Reply)?>) { self.value = value }
    }

    subscript(_ key: String) -> Object? {
        get { objects.withLock { $0[key] } }
    }

    func put(_ key: String, _ text: String, _ headers: [String: String] = [:]) {
        objects.withLock { $0[key] = Object(bytes: Array(text.utf8), headers: headers) }
    }

    var keys: [String] { objects.withLock { $0.keys.sorted() } }

    /// Methods and keys of what was asked, without the looks: `PUT title/version/x`.
    var writes: [String] {
        server.requests.filter { $0.method != "GET" && $0.method != "HEAD" }.map { "\($0.method) \($0.path.dropFirst("/films/".count))" }
    }

    static let surroundings = Surroundings(
        environment: ["AWS_ACCESS_KEY_ID": "KEY", "AWS_SECRET_ACCESS_KEY": "geheim", "AWS_EC2_METADATA_DISABLED": "true"], home: "/nowhere")

    private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        let key = String(request.path.dropFirst("/films/".count)).removingPercentEncoding ?? ""
        let query = URLComponents(string: "/?" + request.query)?.queryItems ?? []
        let value = { (name: String) in query.first { $0.name == name }?.value }
        switch request.method {
        case "GET" where value("list-type") != nil: return list(value("prefix") ?? "")
        case "GET" where value("uploads") != nil || query.contains { $0.name == "uploads" }:
            return .text(200, "<ListMultipartUploadsResult></ListMultipartUploadsResult>")
        case "GET", "HEAD": return read(key)
        case "PUT" where request.headers["x-amz-copy-source"] != nil: return copy(request, key)
        case "PUT" where value("partNumber") != nil:
            let number = Int(value("partNumber") ?? "") ?? 0
            uploads.withLock { $0[value("uploadId") ?? "", default: [:]][number] = request.body }
            return .text(200, "", headers: ["ETag": "\"part\(number)\""])
        case "PUT": return write(request, key)
        case "POST" where query.contains { $0.name == "uploads" }:
            return .text(200, "<InitiateMultipartUploadResult><UploadId>up</UploadId></InitiateMultipartUploadResult>")
        case "POST" where value("uploadId") != nil:
            let parts = uploads.withLock { $0.removeValue(forKey: "up") } ?? [:]
            let bytes = parts.sorted { $0.key < $1.key }.flatMap(\.value)
            let create = server.requests.last { $0.method == "POST" && $0.query == "uploads=" }
            store(key, bytes, create?.headers ?? [:])
            return .text(200, "<CompleteMultipartUploadResult><ETag>\"x\"</ETag></CompleteMultipartUploadResult>")
        case "POST" where query.contains { $0.name == "delete" }: return delete(request)
        default: return .text(501, "<Error><Code>NotImplemented</Code></Error>")
        }
    }

    private func read(_ key: String) -> LoopbackServer.Reply {
        guard let object = self[key] else { return .text(404, "<Error><Code>NoSuchKey</Code></Error>") }
        var headers = object.headers
        headers["ETag"] = "\"etag\""
        headers["Content-Length"] = String(object.bytes.count)
        return .answer(200, headers: headers, body: object.bytes)
    }

    private func write(_ request: LoopbackServer.Request, _ key: String) -> LoopbackServer.Reply {
        if request.headers["if-none-match"] == "*", self[key] != nil {
            return .text(412, "<Error><Code>PreconditionFailed</Code></Error>")
        }
        store(key, request.body, request.headers)
        return .text(200, "", headers: ["ETag": "\"etag\""])
    }

    private func store(_ key: String, _ bytes: [UInt8], _ headers: [String: String]) {
        let kept = headers.filter { name, _ in
            name.hasPrefix("x-amz-meta-") || ["content-type", "cache-control", "content-encoding", "x-amz-checksum-sha256"].contains(name)
        }
        objects.withLock { $0[key] = Object(bytes: bytes, headers: kept) }
    }

    private func copy(_ request: LoopbackServer.Request, _ key: String) -> LoopbackServer.Reply {
        let source = (request.headers["x-amz-copy-source"] ?? "").removingPercentEncoding ?? ""
        guard let object = self[String(source.dropFirst("/films/".count))] else {
            return .text(404, "<Error><Code>NoSuchKey</Code></Error>")
        }
        objects.withLock { $0[key] = object }
        return .text(200, "<CopyObjectResult><ETag>\"etag\"</ETag></CopyObjectResult>")
    }

    private func list(_ prefix: String) -> LoopbackServer.Reply {
        let found = objects.withLock { $0.filter { $0.key.hasPrefix(prefix) } }.sorted { $0.key < $1.key }
        let lines = found.map { "<Contents><Key>\($0.key)</Key><Size>\($0.value.bytes.count)</Size></Contents>" }
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
