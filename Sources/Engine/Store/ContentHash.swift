import Crypto
import Foundation

/// SHA-256 as lower-case hex.
enum ContentHash {
    static func hex(_ data: some DataProtocol) -> String { hex(SHA256.hash(data: data)) }

    static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Bytes of a file that are read at a time.
    private static let step = 1 << 20

    /// Reads a file once, front to back.
    static func ofFile(at path: String) throws -> (sha256: String, bytes: Int64) {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var (hash, bytes) = (SHA256(), Int64(0))
        while let piece = try file.read(upToCount: step), !piece.isEmpty {
            hash.update(data: piece)
            bytes += Int64(piece.count)
        }
        return (hex(hash.finalize()), bytes)
    }
}
