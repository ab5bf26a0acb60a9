import Crypto
import FileSystem
import Foundation
import Glibc
package import MediaModel
import Notation

/// A stretch of a file, for its checksums. Never read into memory whole.
package struct FileRange {
    package let path: String
    package let offset: Int64
    package let bytes: Int64

    package init(_ path: String, offset: Int64, bytes: Int64) {
        self.path = path
        self.offset = offset
        self.bytes = bytes
    }

    package init(_ path: String, _ part: MultipartPlan.Part) { self.init(path, offset: part.offset, bytes: part.bytes) }

    /// Checksums in lower-case hex.
    package struct Sums: Hashable {
        package var sha256: String
        /// nil: nobody asked.
        package var md5: String?

        package init(sha256: String, md5: String?) {
            self.sha256 = sha256
            self.md5 = md5
        }
    }

    /// Both in one reading.
    package func sums(withMD5: Bool) throws(TransferError) -> Sums {
        var (sha256, md5) = (SHA256(), Insecure.MD5())
        try read { piece in
            sha256.update(data: piece)
            if withMD5 { md5.update(data: piece) }
        }
        return Sums(sha256: Hex.encode(sha256.finalize()), md5: withMD5 ? Hex.encode(md5.finalize()) : nil)
    }

    /// Lower-case hex.
    package func sha256() throws(TransferError) -> String { try sums(withMD5: false).sha256 }

    /// Lower-case hex.
    package func md5() throws(TransferError) -> String {
        var md5 = Insecure.MD5()
        try read { md5.update(data: $0) }
        return Hex.encode(md5.finalize())
    }

    private func read(_ take: (ArraySlice<UInt8>) -> Void) throws(TransferError) {
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
            throw TransferError(.invalidPackage, operation: "read", detail: "\(path) is shorter than \(offset + bytes) bytes")
        }
    }
}
