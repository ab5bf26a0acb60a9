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

    /// Lower-case hex.
    func sha256() throws(PublishingError) -> String { Digest.hex(try digest(SHA256())) }

    /// Lower-case hex.
    func md5() throws(PublishingError) -> String { Digest.hex(try digest(Insecure.MD5())) }

    func base64MD5() throws(PublishingError) -> String { Data(try digest(Insecure.MD5())).base64EncodedString() }

    private func digest<Function: HashFunction>(_ function: Function) throws(PublishingError) -> Function.Digest {
        var function = function
        // Nothing to read, and where an empty answer was to go no file was made.
        guard bytes > 0 else { return function.finalize() }
        let file = try OpenFile(path, O_RDONLY)
        try file.seek(to: offset)
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var left = bytes
        while left > 0, case let count = try file.read(into: &buffer), count > 0 {
            let used = Int(min(Int64(count), left))
            function.update(data: buffer[..<used])
            left -= Int64(used)
        }
        guard left == 0 else {
            throw PublishingError(.invalidPackage, operation: "read", detail: "\(path) is shorter than \(offset + bytes) bytes")
        }
        return function.finalize()
    }
}
