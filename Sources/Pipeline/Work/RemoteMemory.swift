import Fetching
import MediaModel
import Transcoding

/// What a catalog remembers of files on other machines, in the words of those who ask their servers.
extension CatalogRemoteFile {
    init(_ address: RemoteAddress, _ identity: RemoteIdentity, sha256: String, bytes: Int64) {
        self.init(
            address: address.shown, addressHash: Self.hash(of: address), etag: identity.etag, lastModified: identity.lastModified,
            version: identity.version, bytes: bytes, sha256: sha256)
    }

    /// Of the whole address but for its signature.
    static func hash(of address: RemoteAddress) -> String { Fingerprint.of(Array(address.text.utf8)) }
}

extension RemoteIdentity {
    init(_ file: CatalogRemoteFile) {
        self.init(bytes: file.bytes, etag: file.etag, lastModified: file.lastModified, version: file.version)
    }
}
