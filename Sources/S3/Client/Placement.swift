package import Curl
package import MediaModel

/// Where and how objects are kept: storage class, who may read them, encryption, tags.
///
/// No look at an object tells all of that. So each carries a mark of what was asked for, and one that a broken-off run has left with
/// another mark is written over, as long as nobody can have seen it.
extension S3Settings {
    /// What a copy does not take over from its source.
    package var placement: [HTTPField] {
        let tags = tags.sorted { $0.key < $1.key }.map { "\(URIEncoding.encode($0.key))=\(URIEncoding.encode($0.value))" }
        let fields: [(String, String?)] = [
            ("x-amz-storage-class", storageClass), ("x-amz-acl", acl), ("x-amz-server-side-encryption", serverSideEncryption),
            ("x-amz-server-side-encryption-aws-kms-key-id", encryptionKey),
            ("x-amz-tagging", tags.isEmpty ? nil : tags.joined(separator: "&")),
        ]
        return fields.compactMap { name, value in value.map { HTTPField(name, $0) } }
    }

    /// nil: nothing was asked for.
    package var placementMark: String? {
        let placement = placement
        guard !placement.isEmpty else { return nil }
        return String(Digest.hexSHA256(Array(placement.map { "\($0.name): \($0.value)\n" }.joined().utf8)).prefix(16))
    }
}
