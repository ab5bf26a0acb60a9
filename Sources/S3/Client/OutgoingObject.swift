package import Curl
package import FileSystem
import Foundation
package import MediaModel

/// A file of a package on its way to an object.
package struct OutgoingObject: Sendable {
    /// Within the package: `video/1080p/00001.m4s`.
    package let path: String
    /// Within the bucket.
    package let key: String
    package let body: HTTPRequest.Body
    /// The bytes that the object holds: the file's, or their gzip form.
    package let stored: FileContent
    /// The file's content, as `package.json` says it; its SHA-256 is written beside the object.
    package let original: FileContent
    /// The checksums of a large file's stretches; nil: there are none.
    package let pieces: FilePieces?
    package let contentType: String
    package let isEncoded: Bool
    /// What stands at its key is ours, of a version that nobody has seen, and gives way.
    package var isOverwriting = false

    /// A year, and never changed: versions are immutable.
    package static let cacheControl = "public, max-age=31536000, immutable"

    /// The object as a file sends it: `path` in the staged folder.
    package init(path: String, key: String, file: String, content: FileContent, pieces: FilePieces? = nil, contentType: String) {
        self.path = path
        self.key = key
        self.pieces = pieces
        self.contentType = contentType
        body = .file(path: file, offset: 0, count: content.bytes)
        stored = content
        original = content
        isEncoded = false
    }

    /// The object as gzip of a file that is held in memory.
    package init(path: String, key: String, gzip: [UInt8], of original: FileContent, contentType: String) {
        self.path = path
        self.key = key
        self.contentType = contentType
        pieces = nil
        body = .bytes(gzip)
        stored = FileContent(bytes: Int64(gzip.count), sha256: Digest.hexSHA256(gzip))
        self.original = original
        isEncoded = true
    }

    package var overwriting: OutgoingObject {
        var object = self
        object.isOverwriting = true
        return object
    }

    /// The file that holds the bytes; nil: they are in memory.
    package var file: String? {
        guard case .file(let path, _, _) = body else { return nil }
        return path
    }

    /// All that the object shall carry, but for checksums of the body.
    package func headers(_ settings: S3Settings) -> [HTTPField] {
        var headers = [
            HTTPField("content-type", contentType), HTTPField("cache-control", Self.cacheControl),
            HTTPField(ObjectFacts.recordHeader, original.sha256),
        ]
        if isEncoded { headers.append(HTTPField("content-encoding", "gzip")) }
        if let mark = settings.placementMark { headers.append(HTTPField(ObjectFacts.placementHeader, mark)) }
        return headers + settings.placement
    }

    /// What the server checks the body against.
    func checksumHeaders(_ settings: S3Settings) throws(TransferError) -> [HTTPField] {
        switch (settings.checksum, body) {
        case (.sha256, _): return [HTTPField("x-amz-checksum-sha256", Digest.base64(hex: stored.sha256) ?? "")]
        case (.md5, .bytes(let bytes)): return [HTTPField("content-md5", Digest.base64MD5(bytes))]
        case (.md5, .file): return [HTTPField("content-md5", Digest.base64(hex: try md5()) ?? "")]
        case (.md5, .none): return []
        }
    }

    /// MD5 of the body in lower-case hex. Reads a file.
    package func md5() throws(TransferError) -> String {
        switch body {
        case .none: return Digest.hexMD5([])
        case .bytes(let bytes): return Digest.hexMD5(bytes)
        case .file(let path, let offset, let count): return try FileRange(path, offset: offset, bytes: count).md5()
        }
    }

    /// What is served otherwise than it shall be: the header, what it says, what it should say. nil: nothing.
    package func misserved(_ facts: ObjectFacts, isEncoded: Bool) -> String? {
        // Some servers add a charset to texts.
        let type = facts.contentType?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        let fields = [
            ("Content-Type", type, contentType.lowercased()), ("Cache-Control", facts.cacheControl, Self.cacheControl),
            ("Content-Encoding", facts.contentEncoding, isEncoded ? "gzip" : nil),
            // An encoded one says of itself what it was made from.
            (ObjectFacts.recordHeader, facts.recordedSHA256, isEncoded ? original.sha256 : facts.recordedSHA256),
        ]
        let wrong = fields.first { $0.1 != $0.2 }
        return wrong.map { name, found, wanted in "\(name) is \(found ?? "not there"), not \(wanted ?? "left out")" }
    }
}
