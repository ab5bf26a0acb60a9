/// A file on another machine that a title is made of: what its server said of it, and what its bytes were. Who finds the server saying the
/// same again knows the bytes without fetching them.
package struct CatalogRemoteFile: Hashable, Sendable {
    /// For people: without a query.
    package var address: String
    /// SHA-256 of the whole address but for its signature, lower-case hex: tells files apart whose addresses differ in the query alone, and
    /// keeps what stands there a secret.
    package var addressHash: String
    /// As the server writes it, with its quotes and the mark of a weak one.
    package var etag: String?
    /// As the server writes it.
    package var lastModified: String?
    /// Of an object in a bucket that keeps versions.
    package var version: String?
    package var bytes: Int64
    /// Of the bytes, lower-case hex.
    package var sha256: String

    package init(
        address: String, addressHash: String, etag: String? = nil, lastModified: String? = nil, version: String? = nil, bytes: Int64,
        sha256: String
    ) {
        self.address = address
        self.addressHash = addressHash
        self.etag = etag
        self.lastModified = lastModified
        self.version = version
        self.bytes = bytes
        self.sha256 = sha256
    }
}
