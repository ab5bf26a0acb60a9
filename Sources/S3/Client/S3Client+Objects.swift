package import Curl
import FileSystem
import Foundation
package import MediaModel

/// What a server says of an object.
package struct ObjectFacts: Hashable, Sendable {
    package var bytes: Int64
    /// Without its quotes.
    package var etag: String
    /// SHA-256 of the stored bytes as the server computed it, lower-case hex; nil where it keeps none, or only one of the parts' checksums.
    package var sha256: String?
    /// SHA-256 of the parts' checksums with their number, `…=-7`; nil where the server keeps none.
    package var compositeSHA256: String?
    /// Its ETag says nothing about its bytes.
    package var hasOpaqueETag: Bool
    /// SHA-256 of the file, as it was written beside the object when it was stored.
    package var recordedSHA256: String?
    /// What was asked of the store when it was stored, see `S3Settings.placementMark`.
    package var placement: String?
    package var contentType: String?
    package var cacheControl: String?
    package var contentEncoding: String?
    /// nil: the server says of none.
    package var serverSideEncryption: String?
    /// nil: the server says nothing of tags.
    package var tagCount: Int?

    /// nil: the answer lacks what every object has.
    package init?(_ answer: HTTPResponse) {
        guard let bytes = answer["content-length"].flatMap({ Int64($0) }), let etag = answer["etag"] else { return nil }
        self.bytes = bytes
        self.etag = ETag.plain(etag)
        // An object of parts has one of theirs; some servers leave the number of them out.
        let parts = self.etag.split(separator: "-").dropFirst().last
        let checksum = answer["x-amz-checksum-sha256"].map { told in
            if let parts, !told.contains("-") { "\(told)-\(parts)" } else { told }
        }
        sha256 = checksum.flatMap { $0.contains("-") ? nil : Digest.hex(base64: $0) }
        compositeSHA256 = checksum.flatMap { $0.contains("-") ? $0 : nil }
        hasOpaqueETag = ETag.isOpaque(answer)
        recordedSHA256 = answer[Self.recordHeader]
        placement = answer[Self.placementHeader]
        contentType = answer["content-type"]
        cacheControl = answer["cache-control"]
        contentEncoding = answer["content-encoding"]
        serverSideEncryption = answer["x-amz-server-side-encryption"]
        tagCount = answer["x-amz-tagging-count"].flatMap { Int($0) }
    }

    package static let recordHeader = "x-amz-meta-sha256"
    static let placementHeader = "x-amz-meta-placement"
}

/// What became of a write that may not overwrite.
package enum WriteResult {
    /// - Parameter etag: as the server answered, without its quotes.
    case written(etag: String?)
    /// Something stood there already.
    case existed
}

/// What became of a copy inside the store.
package enum CopyResult {
    case written
    /// Something stood there already.
    case existed
    /// The server does not know the condition, or copies.
    case notImplemented
    /// The server would not: the bytes have to be sent.
    case refused
}

extension S3Client {
    /// nil: there is no such object.
    package func head(_ key: String) throws(TransferError) -> ObjectFacts? {
        var request = S3Request("HeadObject", "HEAD", key)
        request.headers = [HTTPField("x-amz-checksum-mode", "ENABLED")]
        // Google's server decodes for whoever does not accept gzip, and then tells neither size nor ETag.
        request.isDecoding = true
        switch try attempt(request, reading: { ObjectFacts($0) }) {
        case .done(let facts): return facts
        case .refused(let fault) where fault.status == 404: return nil
        case .refused(let fault): throw refusal(request, try explained(fault, key))
        }
    }

    /// The same refusal with the server's words, which an answer to HEAD has no body for: an object that may not be looked at is asked for
    /// once more by GET.
    private func explained(_ fault: S3Fault, _ key: String) throws(TransferError) -> S3Fault {
        guard (400..<500).contains(fault.status), fault.status != 412, fault.code.isEmpty else { return fault }
        var request = S3Request("GetObject", "GET", key)
        request.headers = [HTTPField("range", "bytes=0-0")]
        request.whole = .headers
        var policy = policy
        policy.attempts = 1
        do throws(TransferError) {
            guard case .refused(let words) = try attempt(request, policy, reading: { _ in () }), words.status == fault.status else {
                return fault
            }
            return words
        } catch {
            if error.code == .cancelled { throw error }
            return fault
        }
    }

    /// Bytes of the first part of an object that came in parts; nil: the server does not tell.
    package func bytesOfFirstPart(_ key: String) throws(TransferError) -> Int64? {
        var request = S3Request("HeadObject", "HEAD", key, query: [("partNumber", "1")])
        request.isDecoding = true
        guard case .done(let facts) = try attempt(request, reading: { ObjectFacts($0) }) else { return nil }
        return facts.bytes
    }

    /// A small object, its `Content-Encoding` undone; nil: there is none.
    package func get(_ key: String, limit: Int) throws(TransferError) -> [UInt8]? {
        var request = S3Request("GetObject", "GET", key)
        request.destination = .memory(limit: limit)
        request.isDecoding = true
        switch try attempt(request, reading: { $0.body }) {
        case .done(let body): return body
        case .refused(let fault) where fault.status == 404 && fault.code != "NoSuchBucket": return nil
        case .refused(let fault): throw refusal(request, fault)
        }
    }

    /// An object into a file, from its beginning, with its `Content-Encoding` undone.
    /// - Parameter limit: bytes that it may have.
    /// - Returns: its bytes in the file, which may go on with what was there before; nil: there is no such object.
    package func download(_ key: String, limit: Int64, to path: String) throws(TransferError) -> Int64? {
        var request = S3Request("GetObject", "GET", key)
        request.destination = .file(path: path, offset: 0, limit: limit)
        request.isDecoding = true
        switch try attempt(request, reading: { $0.bodyBytes }) {
        case .done(let bytes): return bytes
        case .refused(let fault) where fault.status == 404 && fault.code != "NoSuchBucket": return nil
        case .refused(let fault): throw refusal(request, fault)
        }
    }

    /// Writes an object; with conditional writes it never overwrites one, unless it is ours to overwrite.
    /// - Parameter sum: sees the bytes as they go out.
    package func put(_ object: OutgoingObject, sum: SendingMD5? = nil) throws(TransferError) -> WriteResult {
        var request = S3Request("PutObject", "PUT", object.key)
        request.headers = object.headers(settings) + (try object.checksumHeaders(settings))
        request.body = object.body
        request.payloadHash = object.stored.sha256
        if settings.conditionalWrites, !object.isOverwriting { request.headers.append(Self.onlyNew) }
        if bodyTrust.isOpenQuestion, (1...Self.largestProbe).contains(object.stored.bytes), try testTrust(request) {
            // Taken against all expectation it gives way to what is sent now.
            request.headers.removeAll { $0 == Self.onlyNew }
        }
        if let sum { request.onSend = { sum.take($0, at: $1) } }
        switch try attempt(request, sparing: .objectChecksums, reading: { Optional.some($0["etag"].map(ETag.plain)) }).answer {
        case .done(let etag): return .written(etag: etag)
        case .refused(let fault) where fault.status == 412: return .existed
        case .refused(let fault): throw refusal(request, fault)
        }
    }

    /// Copies an object's bytes inside the bucket.
    /// - Parameter overwriting: without it the copy is conditional, as writes are.
    package func copy(_ source: String, to object: OutgoingObject, overwriting: Bool) throws(TransferError) -> CopyResult {
        var request = S3Request("CopyObject", "PUT", object.key).sending([])
        // What the source says of itself, and how it is kept, is of the settings that it was written with.
        request.headers = object.headers(settings)
        request.headers += [Self.copySource(settings.bucket, source), HTTPField("x-amz-metadata-directive", "REPLACE")]
        if !settings.tags.isEmpty { request.headers.append(HTTPField("x-amz-tagging-directive", "REPLACE")) }
        if settings.checksum == .sha256 { request.headers.append(HTTPField("x-amz-checksum-algorithm", "SHA256")) }
        request.takesLong = true
        if settings.conditionalWrites, !overwriting { request.headers.append(Self.onlyNew) }
        let reading = { (answer: HTTPResponse) in XMLNode(answer.body)?.name == "CopyObjectResult" ? () : nil }
        switch try attempt(request, sparing: .copyChecksums, reading: reading).answer {
        case .done: return .written
        case .refused(let fault) where fault.status == 412: return .existed
        case .refused(let fault): return fault.isNotImplemented ? .notImplemented : .refused
        }
    }

    /// All objects under a prefix, in the order of their keys; `folders` are those right below it when `delimited`, which then hide the
    /// rest.
    package func list(
        _ prefix: String, delimited: Bool = false
    ) throws(TransferError) -> (objects: [ObjectPage.Object], folders: [String]) {
        var objects: [ObjectPage.Object] = []
        var folders: [String] = []
        var next: String?
        var asked: Set<String> = []
        repeat {
            var request = S3Request("ListObjectsV2", "GET", query: [("list-type", "2"), ("prefix", prefix)])
            if delimited { request.query.append(("delimiter", "/")) }
            if let next { request.query.append(("continuation-token", next)) }
            let page = try demand(request) { ObjectPage($0.body, after: asked) }
            objects += page.objects
            folders += page.folders
            next = page.next
            if let next { asked.insert(next) }
        } while next != nil
        return (objects, folders)
    }

    /// Bytes that one body more may cost.
    private static let largestProbe: Int64 = 1 << 20

    static let onlyNew = HTTPField("if-none-match", "*")

    static func copySource(_ bucket: String, _ key: String) -> HTTPField {
        HTTPField("x-amz-copy-source", "/\(bucket)/\(URIEncoding.encodePath(key))")
    }

    package static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
