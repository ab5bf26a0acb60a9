import Foundation
import Glibc

extension FolderStore {
    /// Versions of a title that stand in the store, sorted.
    package func versions(of title: String) throws(PublishingError) -> [String] {
        try validateName(title)
        guard try FileStatus(at: titleFolder(title))?.kind == .folder else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: titleFolder(title)).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw PublishingError(.inputOutput, operation: "list", detail: titleFolder(title), underlying: error)
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
