import Crypto
import Glibc
import Libav

/// What a file is known by: the SHA-256 of its bytes.
package enum Fingerprint {
    /// Reads the file once, front to back.
    /// - Parameter onProgress: told after every megabyte; returns false to give up.
    /// - Returns: lower-case hex, and the size in bytes.
    package static func ofFile(
        at path: String, onProgress: () -> Bool = { true }
    ) throws(TranscodingError) -> (sha256: String, bytes: Int64) {
        try FileHash(path: path).finish(onProgress)
    }

    /// Why something under a name is no file that can be read, in words; nil: it is a plain one.
    /// - Parameter mode: its `st_mode`, links followed.
    package static func fault(mode: UInt32) -> String? { FileKind.fault(mode: mode) }

    package static func of(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    fileprivate static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Hashes a file front to back while somebody else reads it in an order of his own: what comes by in time is hashed on its way, the rest
/// is read. Where a demuxer reads the file from its start to its end, nothing is read twice.
final class FileHash {
    private let path: String
    private let descriptor: Int32
    private let status: stat
    private var hash = SHA256()
    /// Up to here all is hashed.
    private var hashed: Int64 = 0
    private var buffer: [UInt8] = []

    /// Bytes read at a time: large enough for a disk, small beside a frame.
    private static let step = 1 << 20
    /// A reader who jumps further ahead is expected back (an index at the end of the file), and what lies between is left to him.
    private static let reach: Int64 = 8 << 20

    init(path: String) throws(TranscodingError) {
        self.path = path
        // Without O_NONBLOCK whoever opens a pipe waits for one who writes. A file that somebody holds a lease of is worth waiting for.
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        descriptor = opened < 0 && errno == EWOULDBLOCK ? unsafe open(path, O_RDONLY | O_CLOEXEC) : opened
        guard descriptor >= 0 else { throw FileHash.failure(path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let error = FileHash.failure(path)
            _ = close(descriptor)
            throw error
        }
        if let fault = FileKind.fault(mode: status.st_mode) {
            _ = close(descriptor)
            throw TranscodingError(.unreadable, "read '\(path)'", fault)
        }
        self.status = status
    }

    deinit { _ = close(descriptor) }

    /// When it was opened.
    var byteCount: Int64 { Int64(status.st_size) }

    /// Takes note of a piece that was read from `offset` on.
    func see(_ bytes: RawSpan, at offset: Int64) {
        let end = offset + Int64(bytes.byteCount)
        guard end > hashed, offset - hashed <= FileHash.reach else { return }
        while hashed < offset {
            // What cannot be read now is tried again at the end, and told then.
            guard let count = read(atMost: offset - hashed), count > 0 else { return }
        }
        let new = bytes.extracting(Int(hashed - offset)..<bytes.byteCount)
        unsafe new.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        hashed = end
    }

    /// Reads what nobody has read yet.
    /// - Parameter onProgress: told after every megabyte; returns false to give up.
    /// - Returns: lower-case hex, and the size in bytes.
    func finish(_ onProgress: () -> Bool) throws(TranscodingError) -> (sha256: String, bytes: Int64) {
        while true {
            guard let count = read(atMost: .max) else { throw FileHash.failure(path) }
            if count == 0 { break }
            guard onProgress() else { throw .stopped("read '\(path)'") }
        }
        return (Fingerprint.hex(hash.finalize()), hashed)
    }

    /// - Returns: bytes read and hashed, 0 at the end of the file; nil where it cannot be read.
    private func read(atMost limit: Int64) -> Int? {
        if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: FileHash.step) }
        let wanted = Int(min(limit, Int64(buffer.count)))
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress, wanted, off_t(hashed))
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            unsafe buffer.withUnsafeBytes { unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            hashed += Int64(count)
            return count
        }
    }

    private static func failure(_ path: String) -> TranscodingError {
        TranscodingError(.unreadable, "read '\(path)'", unsafe String(cString: strerror(errno)))
    }
}
