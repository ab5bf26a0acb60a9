import Curl
package import Foundation
import Notation

/// A page of ListObjectsV2.
package struct ObjectPage: Equatable {
    package struct Object: Equatable, Sendable {
        package var key: String
        package var bytes: Int64
        /// Without its quotes; nil: the server did not say.
        package var etag: String?
        /// nil: the server did not say.
        package var lastModified: Date?
    }

    package var objects: [Object]
    /// What stands between the prefix and the next slash, when a delimiter was asked for: whole prefixes.
    package var folders: [String]
    /// Asks for the next page; nil: this was the last.
    package var next: String?

    /// - Parameter asked: what earlier pages were asked for with: naming it again would go on for ever.
    package init?(_ body: [UInt8], after asked: Set<String> = []) {
        guard let root = XMLNode(body), root.name == "ListBucketResult" else { return nil }
        objects = []
        for node in root.all("Contents") {
            guard let key = node["Key"], let bytes = node["Size"].flatMap({ Int64($0) }) else { return nil }
            let (etag, time) = (node["ETag"].map(ETag.plain), node["LastModified"].flatMap(AmazonTime.parseISO))
            objects.append(Object(key: key, bytes: bytes, etag: etag, lastModified: time))
        }
        folders = root.all("CommonPrefixes").compactMap { $0["Prefix"] }
        guard root.isTruncated else { return }
        // Without a word on how to go on, what is missing would be taken for what is not there.
        guard let token = root["NextContinuationToken"], !token.isEmpty, !asked.contains(token) else { return nil }
        next = token
    }
}

/// An upload in parts that was begun and neither completed nor aborted.
package struct UnfinishedUpload: Hashable, Sendable {
    package var key: String
    package var uploadID: String
    /// nil: the server did not say.
    package var initiated: Date?
}

/// A page of ListMultipartUploads.
struct UploadPage: Equatable {
    var uploads: [UnfinishedUpload]
    /// Key and upload to go on after; nil: this was the last page.
    var next: (key: String, upload: String)?

    /// - Parameter asked: keys and uploads that earlier pages were asked for with.
    init?(_ body: [UInt8], after asked: Set<[String]> = []) {
        guard let root = XMLNode(body), root.name == "ListMultipartUploadsResult" else { return nil }
        uploads = root.all("Upload").compactMap { node in
            guard let key = node["Key"], let upload = node["UploadId"] else { return nil }
            return UnfinishedUpload(key: key, uploadID: upload, initiated: node["Initiated"].flatMap(AmazonTime.parseISO))
        }
        guard root.isTruncated else { return }
        let upload = root["NextUploadIdMarker"] ?? ""
        guard let key = root["NextKeyMarker"], !key.isEmpty, !asked.contains([key, upload]) else { return nil }
        next = (key, upload)
    }

    static func == (one: UploadPage, other: UploadPage) -> Bool {
        one.uploads == other.uploads && one.next?.key == other.next?.key && one.next?.upload == other.next?.upload
    }
}

/// A part that the server holds.
package struct ListedPart: Hashable, Sendable {
    package var number: Int
    package var bytes: Int64
    /// Without its quotes: MD5 in hex, but for some kinds of encryption.
    package var etag: String
    /// Base64; nil where the server keeps none.
    package var sha256: String?
}

/// A page of ListParts.
struct PartPage: Equatable {
    var parts: [ListedPart]
    /// The part's number to go on after; nil: this was the last page.
    var next: String?

    /// - Parameter asked: numbers that earlier pages were asked for with.
    init?(_ body: [UInt8], after asked: Set<String> = []) {
        guard let root = XMLNode(body), ["ListPartsResult", "ListPartsResponse"].contains(root.name) else { return nil }
        parts = root.all("Part").compactMap { node in
            guard let number = node["PartNumber"].flatMap({ Int($0) }), let bytes = node["Size"].flatMap({ Int64($0) }),
                let etag = node["ETag"]
            else { return nil }
            return ListedPart(number: number, bytes: bytes, etag: ETag.plain(etag), sha256: node["ChecksumSHA256"])
        }
        guard root.isTruncated else { return }
        guard let number = root["NextPartNumberMarker"], !number.isEmpty, !asked.contains(number) else { return nil }
        next = number
    }
}

extension XMLNode {
    /// Whether a page says that another one follows.
    fileprivate var isTruncated: Bool { self["IsTruncated"] == "true" }
}

package enum ETag {
    /// Without quotes.
    package static func plain(_ text: String) -> String { text.filter { $0 != "\"" } }

    /// Whether it has the form of an MD5 in hex, or of one of parts' MD5s with their number.
    package static func isMD5(_ etag: String) -> Bool {
        let halves = etag.split(separator: "-", omittingEmptySubsequences: false)
        return halves[0].utf8.count == 32 && Hex.decode(String(halves[0])) != nil && halves.count <= 2
            && (halves.count == 1 || Int(halves[1]) != nil)
    }

    /// MD5 of the parts' MD5s, and how many there are: the ETag of an object that came in parts. nil: a part's ETag is no MD5.
    package static func composite(_ parts: [String]) -> String? {
        let bytes = parts.filter { isMD5($0) && !$0.contains("-") }.compactMap(Hex.decode(_:))
        return bytes.count == parts.count ? "\(Digest.hexMD5(bytes.flatMap { $0 }))-\(parts.count)" : nil
    }

    /// Whether the store encrypts with keys that are not its own: ETags are no MD5 then, whatever they look like.
    static func isOpaque(_ answer: HTTPResponse) -> Bool {
        answer["x-amz-server-side-encryption"].map { $0.hasPrefix("aws:") } ?? false
            || answer["x-amz-server-side-encryption-customer-algorithm"] != nil
    }
}
