/// SHA-256 of a large file's stretches, so that what takes it in parts can hold each against `package.json` without reading it twice.
package struct FilePieces: Hashable, Sendable, Codable {
    /// Bytes of each piece but the last, which may be shorter.
    package var bytes: Int64
    /// Lower-case hex, in order.
    package var sha256: [String]

    /// What a store takes as one part where nobody says otherwise.
    package static let usualBytes: Int64 = 16 << 20
    /// From this size on a file has them.
    package static let threshold = 2 * usualBytes

    package init(bytes: Int64, sha256: [String]) {
        self.bytes = bytes
        self.sha256 = sha256
    }

    /// The SHA-256 of a stretch of a file that has `total` bytes; nil: it is not one of the pieces.
    package func sha256(offset: Int64, bytes count: Int64, total: Int64) -> String? {
        guard bytes > 0, offset >= 0, offset.isMultiple(of: bytes), count == min(bytes, total - offset),
            sha256.count == Int((total + bytes - 1) / bytes)
        else { return nil }
        return sha256[Int(offset / bytes)]
    }
}
