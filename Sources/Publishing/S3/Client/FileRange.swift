import Crypto
import Foundation
import Glibc

/// A stretch of a file, for its checksums. Never read into memory whole.
struct FileRange {
    let path: String
    let offset: Int64
    let bytes: Int64

    init(_ path: String, offset: Int64, bytes: Int64) {
        self.path = path
        self.offset = offset
        self.bytes = bytes
    }

    init(_ path: String, _ part: MultipartPlan.Part) { self.init(path, offset: part.offset, bytes: part.bytes) }

    /// Checksums in lower-case hex.
    struct Sums: Hashable {
        var sha256: String
        /// nil: nobody asked.
        var md5: String?
    }

    /// Both in one reading.
    func sums(withMD5: Bool) throws(PublishingError) -> Sums {
        var (sha256, md5) = (SHA256(), Insecure.MD5())
        try read { piece in
            sha256.update(data: piece)
            if withMD5 { md5.update(data: piece) }
        }
        return Sums(sha256: Digest.hex(sha256.finalize()), md5: withMD5 ? Digest.hex(md5.finalize()) : nil)
    }

    /// Lower-case hex.
    func sha256() throws(PublishingError) -> String { try sums(withMD5: false).sha256 }

    /// Lower-case hex.
    func md5() throws(PublishingError) -> String {
        var md5 = Insecure.MD5()
        try read { md5.update(data: $0) }
        return Digest.hex(md5.finalize())
    }

    private func read(_ take: (ArraySlice<UInt8>) -> Void) throws(PublishingError) {
        // Nothing to read, and where an empty answer was to go no file was made.
        guard bytes > 0 else { return }
        let file = try OpenFile(path, O_RDONLY)
        try file.seek(to: offset)
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var left = bytes
        while left > 0, case let count = try file.read(into: &buffer), count > 0 {
            let used = Int(min(Int64(count), left))
            take(buffer[..<used])
            left -= Int64(used)
        }
        guard left == 0 else {
            throw PublishingError(.invalidPackage, operation: "read", detail: "\(path) is shorter than \(offset + bytes) bytes")
        }
    }
}
