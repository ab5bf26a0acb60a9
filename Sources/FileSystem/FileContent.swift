import Crypto
import Foundation
import Glibc
package import MediaModel
import Notation

/// Size and SHA-256 of what a file holds at this moment.
package struct FileContent: Hashable, Sendable {
    package var bytes: Int64 = 0
    /// Lower-case hex.
    package var sha256: String

    package init(bytes: Int64, sha256: String) {
        self.bytes = bytes
        self.sha256 = sha256
    }

    /// Reads all of the file at `path`; with `synchronizing` it also survives a power cut afterwards.
    /// - Parameter isStopped: looked at all the time; true: it ends with `cancelled`.
    package init(of path: String, synchronizing: Bool = false, isStopped: () -> Bool = { false }) throws(TransferError) {
        let file = try OpenFile(path, O_RDONLY)
        var hasher = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = try file.read(into: &buffer), count > 0 {
            guard !isStopped() else { throw .stopped("read", path) }
            hasher.update(data: buffer[..<count])
            bytes += Int64(count)
        }
        if synchronizing { try file.synchronize() }
        sha256 = Hex.encode(hasher.finalize())
    }
}
