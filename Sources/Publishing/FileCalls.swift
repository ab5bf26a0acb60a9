import Foundation
import Glibc

extension PublishingError {
    /// The failure that `errno` tells of right now.
    static func system(_ operation: String, _ path: String) -> PublishingError {
        let number = errno
        let code: Code =
            switch number {
            case ENOSPC, EDQUOT: .diskFull
            case EACCES, EPERM, EROFS, ENOTDIR, ELOOP, ESTALE: .unreachable
            default: .inputOutput
            }
        let reason = unsafe String(cString: strerror(number))
        let advice = code == .diskFull ? "; free some space and run again" : ""
        return PublishingError(code, operation: operation, detail: "\(path): \(reason)\(advice)")
    }

    static func stopped(_ operation: String, _ path: String) -> PublishingError {
        PublishingError(.cancelled, operation: operation, detail: "\(path): it was asked to stop")
    }
}

/// What stands at a path, by itself, not what a link there points to.
struct FileStatus {
    enum Kind { case file, folder, other }

    var kind: Kind
    var bytes: Int64
    /// The nine bits that say who may do what.
    var permissions: mode_t

    /// nil: nothing is there.
    init?(at path: String) throws(PublishingError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .system("look at", path)
        }
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
        bytes = Int64(status.st_size)
        permissions = status.st_mode & 0o777
    }
}

/// Makes a folder, and with `parents` those above it; one that is there already is as good.
func makeFolder(_ path: String, parents: Bool = false) throws(PublishingError) {
    if unsafe mkdir(path, 0o755) == 0 { return }
    if errno == ENOENT, parents {
        try makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path, parents: true)
        return try makeFolder(path)
    }
    guard errno == EEXIST else { throw .system("make the folder", path) }
}

/// Gives the file `existing` the second name `new`.
/// - Returns: false where the file system cannot (another one, no links at all, or too many of this file): copy it instead.
func makeLink(_ existing: String, _ new: String) throws(PublishingError) -> Bool {
    // Without AT_SYMLINK_FOLLOW a symbolic link is linked itself, and refused when it is opened.
    if unsafe linkat(AT_FDCWD, existing, AT_FDCWD, new, 0) == 0 { return true }
    switch errno {
    case EXDEV, EPERM, EMLINK, EOPNOTSUPP: return false
    default: throw .system("link \(existing) to", new)
    }
}

/// Copies a file's bytes to `new`, which must not be there.
/// - Parameter isStopped: looked at all the time; true: it ends with `cancelled`.
func copyFile(_ existing: String, _ new: String, permissions: mode_t, isStopped: () -> Bool) throws(PublishingError) {
    let input = try OpenFile(existing, O_RDONLY)
    let output = try OpenFile(new, O_WRONLY | O_CREAT | O_EXCL, permissions: permissions)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = try input.read(into: &buffer), count > 0 {
        guard !isStopped() else { throw .stopped("copy", existing) }
        try output.write(buffer, count: count)
    }
}

/// Renames a file or folder, in one step that nobody can see half of.
func move(_ source: String, to target: String) throws(PublishingError) {
    guard unsafe rename(source, target) == 0 else { throw .system("rename \(source) to", target) }
}

/// Removes a file, or a folder with all it holds; links are removed, not followed. Nothing there is as good.
func removeAll(_ path: String) throws(PublishingError) {
    guard try FileStatus(at: path) != nil else { return }
    do {
        try FileManager.default.removeItem(atPath: path)
    } catch {
        throw PublishingError(.inputOutput, operation: "remove", detail: path, underlying: error)
    }
}
