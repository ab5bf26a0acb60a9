import FileSystem
import Foundation
package import MediaModel

/// What a run takes back from the store.
extension FolderStore {
    /// A version's `package.json`; nil: it has none.
    package func document(title: String, version: String) throws(TransferError) -> [UInt8]? {
        try validateName(title)
        try validateName(version)
        let path = "\(root)/\(title)/\(version)/\(PackageListing.fileName)"
        guard try FileStatus(at: path)?.kind == .file else { return nil }
        do { return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) } catch {
            throw TransferError(.inputOutput, operation: "read", detail: path, underlying: error)
        }
    }

    /// Gives published files further names, or copies them where the file system has no links; every byte is read and checked.
    /// - Throws: `invalidPackage` for one that is missing or is not what was published.
    package func bring(_ files: [PublishedFile], title: String, version: String) throws(TransferError) {
        for file in files {
            let origin = "\(root)/\(title)/\(version)/\(file.path)"
            guard !isStopped() else { throw .stopped("take over", origin) }
            guard let status = try FileStatus(at: origin), status.kind == .file else { throw PublishedFile.missing(origin) }
            if try !makeLink(origin, file.destination) {
                try copyFile(origin, file.destination, permissions: status.permissions, isStopped: isStopped)
            }
            try file.demandWhole(origin, isStopped: isStopped)
        }
    }
}
