import FileSystem
import Foundation
import MediaModel
import S3

/// A staged package as the objects that it becomes.
struct StagedObjects {
    private let files: [PackageFile]
    private let folder: String
    private let keys: VersionKeys
    private let settings: S3Settings

    init(_ listing: PackageListing, _ package: AssetPackage, _ folder: String, _ keys: VersionKeys, _ settings: S3Settings) {
        // The package's own list has the types; that both say the same was checked.
        files = package.files
        self.folder = folder
        self.keys = keys
        self.settings = settings
    }

    /// Largest first, so that no large one is left to the end.
    func objects(in stage: UploadStage) throws(TransferError) -> [OutgoingObject] {
        if stage == .listing {
            let name = PackageListing.fileName
            let content = try FileContent(of: "\(folder)/\(name)")
            return [
                OutgoingObject(
                    path: name, key: keys.key(name), file: "\(folder)/\(name)", content: content, contentType: "application/json")
            ]
        }
        var objects: [OutgoingObject] = []
        for file in files where UploadStage(of: file.path) == stage { objects.append(try object(file)) }
        return objects.sorted { ($0.stored.bytes, $1.path) > ($1.stored.bytes, $0.path) }
    }

    private func object(_ file: PackageFile) throws(TransferError) -> OutgoingObject {
        let path = "\(folder)/\(file.path)"
        let content = FileContent(bytes: file.bytes, sha256: file.sha256)
        guard let status = try FileStatus(at: path), status.kind == .file, status.bytes == file.bytes else {
            throw TransferError(
                .invalidPackage, operation: "check", detail: "\(path) is not there, is no plain file, or has not \(file.bytes) bytes")
        }
        let isText = UploadStage(of: file.path) != .media
        guard settings.gzip, isText else {
            return OutgoingObject(
                path: file.path, key: keys.key(file.path), file: path, content: content, pieces: file.pieces, contentType: file.contentType)
        }
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw TransferError(.inputOutput, operation: "read", detail: path, underlying: error)
        }
        let found = FileContent(bytes: Int64(bytes.count), sha256: Digest.hexSHA256(bytes))
        guard found == content else { throw Self.damaged(path, found, content) }
        return OutgoingObject(
            path: file.path, key: keys.key(file.path), gzip: Gzip.encode(bytes), of: content, contentType: file.contentType)
    }

    static func damaged(_ path: String, _ found: FileContent, _ listed: FileContent) -> TransferError {
        TransferError(
            .invalidPackage, operation: "check",
            detail: "\(path) has \(found.bytes) bytes with SHA-256 \(found.sha256), but package.json says \(listed.bytes) bytes with "
                + "\(listed.sha256); remove it, so that the next run makes it again")
    }
}
