/// What a file of a result was when it was made.
package struct ArtefactContent: Codable, Equatable, Sendable {
    package var bytes: Int64
    /// Lower-case hex.
    package var sha256: String

    package init(bytes: Int64, sha256: String) {
        self.bytes = bytes
        self.sha256 = sha256
    }

    package init(of path: String) throws { (sha256, bytes) = try ContentHash.ofFile(at: path) }
}
