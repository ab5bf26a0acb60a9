import FileSystem
package import MediaModel

/// A file of a published version that is wanted back.
package struct PublishedFile: Hashable, Sendable {
    /// Within the version.
    package var path: String
    package var bytes: Int64
    /// Lower-case hex.
    package var sha256: String
    /// Where it shall be, absolute; nothing is there yet.
    package var destination: String

    package init(path: String, bytes: Int64, sha256: String, destination: String) {
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
        self.destination = destination
    }

    /// Reads what came, every byte of it.
    /// - Throws: `invalidPackage` where it is not what is wanted.
    func demandWhole(_ origin: String, isStopped: () -> Bool) throws(TransferError) {
        let found = try FileContent(of: destination, isStopped: isStopped)
        guard found == FileContent(bytes: bytes, sha256: sha256) else {
            throw TransferError(
                .invalidPackage, operation: "take over",
                detail: "\(origin) has \(found.bytes) bytes with SHA-256 \(found.sha256), but \(bytes) bytes with \(sha256) were published")
        }
    }

    package static func missing(_ origin: String) -> TransferError {
        TransferError(.invalidPackage, operation: "take over", detail: "\(origin) is not there")
    }
}
