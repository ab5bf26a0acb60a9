import Foundation
import Glibc

extension FolderStore {
    /// Names of the folders in the store, sorted.
    package func titles() throws(PublishingError) -> [String] { try folders(in: root) }

    /// Versions of a title that stand in the store, sorted.
    package func versions(of title: String) throws(PublishingError) -> [String] {
        try validateName(title)
        return try folders(in: titleFolder(title))
    }

    /// What there is of a version; nil: nothing.
    package func stored(title: String, version: String) throws(PublishingError) -> StoredVersion? {
        try validateName(title)
        try validateName(version)
        let folder = "\(titleFolder(title))/\(version)"
        guard try FileStatus(at: folder)?.kind == .folder else { return nil }
        let changed = (try? FileManager.default.attributesOfItem(atPath: folder))?[.modificationDate] as? Date
        let isWhole = try FileStatus(at: "\(folder)/\(PackageListing.fileName)")?.kind == .file
        return StoredVersion(title: title, version: version, isWhole: isWhole, changedAt: changed ?? .distantPast)
    }

    private func folders(in path: String) throws(PublishingError) -> [String] {
        guard try FileStatus(at: path)?.kind == .folder else { return [] }
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
            return names.filter { (try? FileStatus(at: "\(path)/\($0)"))?.kind == .folder }
        } catch {
            throw PublishingError(.inputOutput, operation: "list", detail: path, underlying: error)
        }
    }

    /// Removes a version: out of sight in one step, then file by file. Whether anybody still needs it is for the caller to know.
    /// - Returns: how many files there were.
    @discardableResult
    package func delete(title: String, version: String) throws(PublishingError) -> Int {
        try validateName(title)
        try validateName(version)
        let folder = "\(titleFolder(title))/\(version)"
        guard try FileStatus(at: folder)?.kind == .folder else { return 0 }
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder).count) ?? 0
        let lock = try OpenFile("\(titleFolder(title))/.lock", O_RDWR | O_CREAT, permissions: 0o644)
        try lock.lock()
        let hidden = "\(titleFolder(title))/.\(version)\(Self.partialMark)removed"
        try removeAll(hidden)
        try move(folder, to: hidden)
        try removeAll(hidden)
        return files
    }

    /// An empty name would be the store itself, and `..` what lies above it.
    private func validateName(_ name: String) throws(PublishingError) {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw PublishingError(.invalidPackage, operation: "look at", detail: "'\(name)' is no name of a title or version")
        }
    }
}
