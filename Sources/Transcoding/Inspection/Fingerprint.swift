import Crypto
import Glibc

/// What a file is known by: the SHA-256 of its bytes.
package enum Fingerprint {
    /// Bytes read at a time: large enough for a disk, small beside a frame.
    private static let step = 1 << 20

    /// Reads the file once, front to back.
    /// - Parameter onProgress: told after every megabyte; returns false to give up.
    /// - Returns: lower-case hex, and the size in bytes.
    package static func ofFile(
        at path: String, onProgress: () -> Bool = { true }
    ) throws(TranscodingError) -> (sha256: String, bytes: Int64) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { _ = close(descriptor) }
        var hash = SHA256()
        var total: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: step)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { throw failure(path) }
            if count == 0 { break }
            unsafe buffer.withUnsafeBytes { unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            total += Int64(count)
            guard onProgress() else { throw .stopped("read '\(path)'") }
        }
        return (hex(hash.finalize()), total)
    }

    package static func of(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    private static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func failure(_ path: String) -> TranscodingError {
        TranscodingError(.unreadable, "read '\(path)'", unsafe String(cString: strerror(errno)))
    }
}
