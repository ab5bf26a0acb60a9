import FileSystem
package import Foundation
import Glibc
package import MediaModel

/// What a dead run has left in a title's folder: a version that was being filled, replaced or removed.
package struct Leftover: Hashable, Sendable {
    package var title: String
    package var name: String
    /// When something was last put into it.
    package var changedAt: Date
}

extension FolderStore {
    /// Names of the folders in the store, sorted.
    package func titles() throws(TransferError) -> [String] { try folders(in: root) }

    /// Versions of a title that stand in the store, sorted.
    package func versions(of title: String) throws(TransferError) -> [String] {
        try validateName(title)
        return try folders(in: titleFolder(title))
    }

    /// What there is of a version; nil: nothing.
    package func stored(title: String, version: String) throws(TransferError) -> StoredVersion? {
        try validateName(title)
        try validateName(version)
        let folder = "\(titleFolder(title))/\(version)"
        guard try FileStatus(at: folder)?.kind == .folder else { return nil }
        let isWhole = try FileStatus(at: "\(folder)/\(PackageListing.fileName)")?.kind == .file
        return StoredVersion(title: title, version: version, isWhole: isWhole, changedAt: changed(folder))
    }

    /// What dead runs have left of a title under hidden names, sorted. The next publication of the title removes it, but there may be none.
    package func leftovers(of title: String) throws(TransferError) -> [Leftover] {
        try validateName(title)
        return try leftoverNames(in: titleFolder(title)).map { name in
            Leftover(title: title, name: name, changedAt: changed("\(titleFolder(title))/\(name)"))
        }
    }

    /// Removes what a dead run has left; waits for one that publishes the title, which may be whose it is.
    package func remove(_ leftover: Leftover) throws(TransferError) {
        try validateName(leftover.title)
        let folder = titleFolder(leftover.title)
        guard try FileStatus(at: folder)?.kind == .folder else { return }
        let lock = try OpenFile(toLock: lockFile(leftover.title))
        try lock.lock(isStopped: isStopped)
        for name in try leftoverNames(in: folder) where name == leftover.name { try removeAll("\(folder)/\(name)") }
    }

    /// When something was last written; what nobody can tell counts as young.
    package func changed(_ path: String) -> Date {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.modificationDate] as? Date ?? .distantFuture
    }

    private func folders(in path: String) throws(TransferError) -> [String] {
        guard try FileStatus(at: path)?.kind == .folder else { return [] }
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
            return names.filter { (try? FileStatus(at: "\(path)/\($0)"))?.kind == .folder }
        } catch {
            throw TransferError(.inputOutput, operation: "list", detail: path, underlying: error)
        }
    }

    /// Removes a version: out of sight in one step, then file by file; and what dead runs have left of the title. Whether anybody still
    /// needs the version is for the caller to know.
    /// - Parameter isNeeded: asked while nobody else publishes the title; true leaves everything as it is.
    /// - Returns: how many files there were; 0 where nothing was removed.
    @discardableResult
    package func delete(title: String, version: String, unless isNeeded: () -> Bool) throws(TransferError) -> Int {
        try validateName(title)
        try validateName(version)
        let folder = "\(titleFolder(title))/\(version)"
        guard try FileStatus(at: folder)?.kind == .folder else { return 0 }
        let lock = try OpenFile(toLock: lockFile(title))
        try lock.lock(isStopped: isStopped)
        try removeLeftovers(titleFolder(title))
        guard try FileStatus(at: folder)?.kind == .folder, !isNeeded() else { return 0 }
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder).count) ?? 0
        let hidden = "\(titleFolder(title))/.\(version)\(Self.partialMark)removed"
        try move(folder, to: hidden)
        try removeAll(hidden)
        return files
    }

    /// An empty name would be the store itself, and `..` what lies above it.
    func validateName(_ name: String) throws(TransferError) {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw TransferError(.invalidPackage, operation: "look at", detail: "'\(name)' is no name of a title or version")
        }
    }
}
