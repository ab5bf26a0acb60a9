import Curl
import S3

/// What a server says that a file is, so that another file in its place is noticed.
package struct RemoteIdentity: Hashable, Sendable, Codable {
    /// nil: the server does not tell before it has sent all of it.
    package var bytes: Int64?
    /// As the server writes it, with its quotes and the mark of a weak one.
    package var etag: String?
    /// As the server writes it.
    package var lastModified: String?
    /// Of an object in a bucket that keeps versions.
    package var version: String?
    /// SHA-256 of the bytes as the server computed it, lower-case hex; nil where it keeps none.
    package var sha256: String?

    package init(bytes: Int64?, etag: String? = nil, lastModified: String? = nil, version: String? = nil, sha256: String? = nil) {
        self.bytes = bytes
        self.etag = etag
        self.lastModified = lastModified
        self.version = version
        self.sha256 = sha256
    }

    /// - Parameter answer: to HEAD, or to GET of all or a part.
    init(_ answer: HTTPResponse) {
        bytes = answer["content-range"].map(Self.total) ?? answer["content-length"].flatMap { Int64($0) }
        etag = answer["etag"].flatMap { $0.isEmpty ? nil : $0 }
        lastModified = answer["last-modified"]
        version = answer["x-amz-version-id"].flatMap { $0 == "null" ? nil : $0 }
        sha256 = answer["x-amz-checksum-sha256"].flatMap { $0.contains("-") ? nil : Digest.hex(base64: $0) }
    }

    /// Whether another file of the same size would be told from this one. Without it nothing may be put together from parts, nor kept.
    package var isFirm: Bool { bytes != nil && (version ?? etag ?? lastModified) != nil }

    /// Whether both are the same file; never where that cannot be told.
    package func isSame(as other: RemoteIdentity) -> Bool {
        guard isFirm, other.isFirm, bytes == other.bytes else { return false }
        if let version, let theirs = other.version { return version == theirs }
        if etag != nil || other.etag != nil { return etag == other.etag }
        return lastModified == other.lastModified
    }

    /// Whether an answer with bytes is of another file than this; what an answer does not say contradicts nothing.
    func isContradicted(by answer: HTTPResponse) -> Bool {
        let said = RemoteIdentity(answer)
        func differ<Value: Equatable>(_ ours: Value?, _ theirs: Value?) -> Bool { ours != nil && theirs != nil && ours != theirs }
        if differ(bytes, said.bytes) || differ(version, said.version) { return true }
        return etag != nil && said.etag != nil ? etag != said.etag : differ(lastModified, said.lastModified)
    }

    /// Lets a server refuse to send anything but this file (RFC 9110, 13.1). A weak tag says too little for that.
    var conditions: [HTTPField] {
        if let etag, etag.hasPrefix("\"") { return [HTTPField("if-match", etag)] }
        return lastModified.map { [HTTPField("if-unmodified-since", $0)] } ?? []
    }

    /// Lets a server that does not know the other conditions send all of the new file, which is noticed.
    var rangeCondition: [HTTPField] {
        if let etag, etag.hasPrefix("\"") { return [HTTPField("if-range", etag)] }
        return lastModified.map { [HTTPField("if-range", $0)] } ?? []
    }

    /// `bytes 0-99/1234`; nil where the server says `*`.
    private static func total(_ range: String) -> Int64? { range.split(separator: "/").last.flatMap { Int64($0) } }
}
