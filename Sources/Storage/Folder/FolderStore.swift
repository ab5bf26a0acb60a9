import FileSystem
import Foundation
import Glibc
package import MediaModel

/// A folder that published packages live in, each in `<root>/<title>/<version>/`.
///
/// What readers see under a version's name is whole or not there: a package is put together under a hidden name beside it, checked, made
/// safe on the disk, and renamed. A version that is whole is never changed; one that is broken is mended file by file, each by a rename, so
/// that readers see the old file or the new one. Runs that publish the same title at the same time wait for each other.
package struct FolderStore: Sendable {
    /// Where it lies, all links followed: its folder itself is opened without following any. Absolute, without a slash at its end.
    package let root: String
    /// The same folder as it was named, which is what readers are told: a link may lead elsewhere one day.
    private let named: String
    package let isStopped: @Sendable () -> Bool

    /// - Parameters:
    ///   - root: a path; made with the first package, when it is not there.
    ///   - isStopped: looked at while a package is published, or a lock waited for; once it says true, that ends with
    ///     `TransferError.Code.cancelled`.
    package init(root: String, isStopped: @escaping @Sendable () -> Bool = { false }) {
        self.isStopped = isStopped
        named = URL(fileURLWithPath: root, isDirectory: true).standardizedFileURL.path
        self.root = realPath(of: named)
    }

    /// Tells before hours of work what the first file of the title would tell after them. Makes nothing.
    /// - Throws: `unreachable` for a store, or a title's folder in it, that nothing can be written to.
    package func demandWritable(_ title: String) throws(TransferError) {
        let titleFolder = titleFolder(title)
        var path = titleFolder
        while path != "/", try FileStatus(at: path) == nil { path = (path as NSString).deletingLastPathComponent }
        // The dot: what is no folder cannot be written to either, nor what a link leads to that leads nowhere.
        guard unsafe access("\(path)/.", W_OK | X_OK) == 0 else {
            var error = TransferError.system("write to the store", path)
            error.code = .unreachable
            throw error
        }
        guard path == titleFolder else { return }
        try demandFolder(titleFolder)
        if try FileStatus(at: lockFile(title)) != nil { _ = try OpenFile(toLock: lockFile(title)) }
    }

    /// Whether the version's `package.json` is there, is this version's, and every file that it lists is there with its size.
    /// - Throws: `TransferError.Code.unreachable` or `.inputOutput` when the store cannot be looked at; a missing one holds nothing.
    package func holds(title: String, version: String) throws(TransferError) -> Bool {
        let folder = versionFolder(title, version)
        guard let listing = try PackageListing.read(in: folder), listing.id == title, listing.version == version else {
            return false
        }
        try listing.validateNames()
        return try listing.isWhole(in: folder)
    }

    /// Makes a package that lies in a folder the store's: `package.json` and every file that it lists, nothing else.
    ///
    /// The same package published again is a success. Files that the previous version holds with the same content are taken over from it.
    /// All files are linked where the file system can, so nobody may write into the staged ones afterwards.
    /// - Parameters:
    ///   - folder: where the files and their `package.json` lie; stays as it is.
    ///   - previousVersion: the one that is current; nil for none.
    ///   - mends: makes no difference: what is broken is always mended.
    /// - Returns: the version's folder as a `file:` URL, without a slash at its end.
    /// - Throws: `TransferError`; nothing is visible then that was not before.
    package func publish(
        staged folder: String, package: AssetPackage, previousVersion: String?, mends: Bool = false
    ) throws(TransferError) -> String {
        let listing = try PackageListing(of: package, checkedIn: folder)
        let titleFolder = titleFolder(package.id)
        let final = versionFolder(package.id, package.version)
        try makeStore(titleFolder)
        let lock = try OpenFile(toLock: lockFile(package.id))
        try lock.lock(isStopped: isStopped)
        try removeLeftovers(titleFolder)
        let location = location(title: package.id, version: package.version)
        if try isPublished(listing, staged: folder, at: final) {
            // It may have lain there with nobody knowing of it; now somebody does, and who cleans up can see that. One that cannot be
            // touched is as published as before.
            _ = unsafe utimes(final, nil)
            return location
        }

        let previous = try previousVersion.map { version throws(TransferError) in
            try contents(of: versionFolder(package.id, version))
        }
        let partialPath = "\(titleFolder)/.\(package.version)\(Self.partialMark)\(ProcessInfo.processInfo.processIdentifier)"
        let brokenPath = partialPath + "-broken"
        defer {
            // What a failure leaves half made, and the broken version. One that cannot be removed now goes with the next publish.
            for path in [partialPath, brokenPath] { try? removeAll(path) }
        }
        let partial = try PartialVersion(path: partialPath, isStopped: isStopped)
        try partial.fill(listing, staged: folder, previous: previous ?? [:])
        try partial.seal(staged: folder)
        let isThere = try FileStatus(at: final) != nil
        let isMended = isThere ? try mend(final, from: partialPath, listing) : false
        if !isMended {
            if isThere { try move(final, to: brokenPath) }
            try move(partialPath, to: final)
        }
        try OpenFile(titleFolder, O_RDONLY | O_DIRECTORY).synchronize()
        return location
    }

    /// Brings whole files into the places of those that are not as the listing says, the listing itself last. No file's bytes are written
    /// over: one that has another name elsewhere, in a work folder perhaps, stays there as it is.
    /// - Returns: false where something stands in the way that no file can be renamed over.
    private func mend(_ folder: String, from whole: String, _ listing: PackageListing) throws(TransferError) -> Bool {
        guard try FileStatus(at: folder)?.kind == .folder else { return false }
        for name in listing.folders {
            switch try FileStatus(at: "\(folder)/\(name)")?.kind {
            case nil: try makeFolder("\(folder)/\(name)")
            case .folder: continue
            default: return false
            }
        }
        var files: [(path: String, content: FileContent)] = listing.files.map { ($0.path, $0.content) }
        files.sort { (UploadStage(of: $0.path).rawValue, $0.path) < (UploadStage(of: $1.path).rawValue, $1.path) }
        let name = PackageListing.fileName
        files.append((name, try FileContent(of: "\(whole)/\(name)")))
        for file in files {
            guard !isStopped() else { throw .stopped("publish", folder) }
            let place = "\(folder)/\(file.path)"
            switch try FileStatus(at: place)?.kind {
            case nil: break
            case .file:
                // One that cannot be read is not what it should be.
                if (try? FileContent(of: place, isStopped: isStopped)) == file.content { continue }
            default: return false
            }
            try move("\(whole)/\(file.path)", to: place)
        }
        for name in listing.folders + ["."] { try OpenFile("\(folder)/\(name)", O_RDONLY | O_DIRECTORY).synchronize() }
        return true
    }

    /// The version's folder as a `file:` URL, without a slash at its end.
    package func location(title: String, version: String) -> String {
        URL(fileURLWithPath: "\(named)/\(title)/\(version)", isDirectory: false).absoluteString
    }

    /// Nothing: a folder's address is where it lies.
    package func demandReadersAddress() {}

    /// The version's folder.
    package func place(title: String, version: String) -> PackageCheck.Place { .folder(versionFolder(title, version)) }

    static let partialMark = ".partial-"

    func titleFolder(_ title: String) -> String { "\(root)/\(title)" }

    /// Locked by whoever changes anything in the title's folder.
    func lockFile(_ title: String) -> String { "\(titleFolder(title))/.lock" }

    private func versionFolder(_ title: String, _ version: String) -> String { "\(root)/\(title)/\(version)" }

    private func makeStore(_ titleFolder: String) throws(TransferError) {
        try makeFolder(root, parents: true)
        try makeFolder(titleFolder)
        try demandFolder(titleFolder)
        try OpenFile(root, O_RDONLY | O_DIRECTORY).synchronize()
    }

    private func demandFolder(_ titleFolder: String) throws(TransferError) {
        guard try FileStatus(at: titleFolder)?.kind == .folder else {
            throw TransferError(.unreachable, operation: "open the store", detail: "\(titleFolder) is no folder, or a symbolic link")
        }
    }

    /// With the title locked, whatever bears the mark is the work of a run that died. What cannot be removed, another user's perhaps, is in
    /// nobody's way.
    package func removeLeftovers(_ titleFolder: String) throws(TransferError) {
        for name in try leftoverNames(in: titleFolder) { try? removeAll("\(titleFolder)/\(name)") }
    }

    /// Sorted; none where there is no such folder.
    func leftoverNames(in titleFolder: String) throws(TransferError) -> [String] {
        guard try FileStatus(at: titleFolder)?.kind == .folder else { return [] }
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: titleFolder)
            return names.filter { $0.hasPrefix(".") && $0.contains(Self.partialMark) }.sorted()
        } catch {
            throw TransferError(.inputOutput, operation: "list", detail: titleFolder, underlying: error)
        }
    }

    /// True: this very package stands there, every byte of it. False: nothing, or something broken that is to be replaced.
    private func isPublished(
        _ listing: PackageListing, staged: String, at folder: String
    ) throws(TransferError) -> Bool {
        guard try FileStatus(at: folder)?.kind == .folder, let there = try PackageListing.read(in: folder),
            (try? there.validateNames()) != nil, try there.isWhole(in: folder)
        else { return false }
        let name = PackageListing.fileName
        guard try FileContent(of: "\(folder)/\(name)") == FileContent(of: "\(staged)/\(name)") else {
            // The same files under another list, or files that are not as theirs says: that is damage, and no other package.
            if Set(there.files) == Set(listing.files) { return false }
            guard try isConsistent(there, in: folder) else { return false }
            throw TransferError(
                .conflict, operation: "publish",
                detail: "\(folder) already holds another package of this version, made by another kind of machine perhaps, and what is "
                    + "published never changes; remove that folder to publish the new one")
        }
        return try isConsistent(listing, in: folder)
    }

    /// Whether every file is what the listing says, every byte of it read.
    private func isConsistent(_ listing: PackageListing, in folder: String) throws(TransferError) -> Bool {
        for file in listing.files {
            guard try FileContent(of: "\(folder)/\(file.path)", isStopped: isStopped) == file.content else { return false }
        }
        return true
    }

    /// Paths of a version's files by their content; empty when the version is not there.
    private func contents(of folder: String) throws(TransferError) -> [FileContent: String] {
        guard let listing = try PackageListing.read(in: folder), (try? listing.validateNames()) != nil else { return [:] }
        return Dictionary(listing.files.map { ($0.content, "\(folder)/\($0.path)") }, uniquingKeysWith: { first, _ in first })
    }
}
