import FileSystem
import Glibc
import MediaModel

/// A version's folder while it is put together under a hidden name, where no reader looks.
struct PartialVersion {
    /// Absolute.
    let path: String
    /// What a published file may be: readable by all, as far as this process's umask allows.
    private let permissions: mode_t
    private let isStopped: @Sendable () -> Bool

    /// Makes the empty folder.
    /// - Parameter isStopped: looked at all the time; true: filling it ends with `cancelled`.
    init(path: String, isStopped: @escaping @Sendable () -> Bool) throws(TransferError) {
        try makeFolder(path)
        self.path = path
        self.isStopped = isStopped
        // The kernel has applied the umask to the folder; asking for the umask itself would change it for all threads.
        permissions = (try FileStatus(at: path)?.permissions ?? 0o755) & 0o644
    }

    /// Brings in every file of the listing, taken over from the previous version where its content is the same; then reads each once,
    /// checks it, and makes it safe on the disk.
    /// - Parameters:
    ///   - staged: the folder where all files lie.
    ///   - previous: paths of the previous version's files by their content.
    func fill(_ listing: PackageListing, staged: String, previous: [FileContent: String]) throws(TransferError) {
        for folder in listing.folders {
            guard try FileStatus(at: "\(staged)/\(folder)")?.kind == .folder else {
                throw TransferError(.invalidPackage, operation: "check", detail: "\(staged)/\(folder) is no folder")
            }
            try makeFolder("\(path)/\(folder)")
        }
        // All links first: then one commit of the file system's journal serves every file's synchronisation.
        var takenOver: Set<String> = []
        for file in listing.files {
            if let old = previous[file.content], try FileStatus(at: old)?.bytes == file.bytes {
                try bring(file.path, from: old)
                takenOver.insert(file.path)
            } else {
                try bring(file.path, from: "\(staged)/\(file.path)")
            }
        }
        for file in listing.files {
            try settle(file, staged: staged, isTakenOver: takenOver.contains(file.path))
        }
        for folder in listing.folders { try OpenFile("\(path)/\(folder)", O_RDONLY | O_DIRECTORY).synchronize() }
    }

    /// Adds `package.json`, the sign that all else is there.
    func seal(staged: String) throws(TransferError) {
        try bring(PackageListing.fileName, from: "\(staged)/\(PackageListing.fileName)")
        try OpenFile("\(path)/\(PackageListing.fileName)", O_RDONLY).synchronize()
        try OpenFile(path, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Holds a file against the listing. One that rotted in the previous version is replaced by the staged one.
    private func settle(_ file: PackageListing.File, staged: String, isTakenOver: Bool) throws(TransferError) {
        let target = "\(path)/\(file.path)"
        let found = try FileContent(of: target, synchronizing: true, isStopped: isStopped)
        if found == file.content { return }
        guard isTakenOver else {
            throw TransferError(
                .invalidPackage, operation: "check",
                detail: "\(staged)/\(file.path) has \(found.bytes) bytes with SHA-256 \(found.sha256), but package.json says "
                    + "\(file.bytes) bytes with \(file.sha256); remove it, so that the next run makes it again")
        }
        try removeAll(target)
        try bring(file.path, from: "\(staged)/\(file.path)")
        try settle(file, staged: staged, isTakenOver: false)
    }

    /// A hard link where possible, which costs no space and no time; else a copy.
    private func bring(_ name: String, from origin: String) throws(TransferError) {
        let target = "\(path)/\(name)"
        guard !isStopped() else { throw .stopped("publish", target) }
        guard let status = try FileStatus(at: origin), status.kind == .file else {
            throw TransferError(.invalidPackage, operation: "check", detail: "\(origin) is not there, or is no plain file")
        }
        guard try makeLink(origin, target) else {
            return try copyFile(origin, target, permissions: permissions, isStopped: isStopped)
        }
        if status.permissions != permissions { try OpenFile(target, O_RDONLY).setPermissions(permissions) }
    }
}
