package import Glibc
package import MediaModel

/// Gives the file `existing` the second name `new`.
/// - Returns: false where the file system cannot (another one, no links at all, or too many of this file): copy it instead.
package func makeLink(_ existing: String, _ new: String) throws(TransferError) -> Bool {
    // Without AT_SYMLINK_FOLLOW a symbolic link is linked itself, and refused when it is opened.
    if unsafe linkat(AT_FDCWD, existing, AT_FDCWD, new, 0) == 0 { return true }
    switch errno {
    case EXDEV, EPERM, EMLINK, EOPNOTSUPP: return false
    default: throw .system("link \(existing) to", new)
    }
}

/// Copies a file's bytes to `new`, which must not be there.
/// - Parameter isStopped: looked at all the time; true: it ends with `cancelled`.
package func copyFile(_ existing: String, _ new: String, permissions: mode_t, isStopped: () -> Bool) throws(TransferError) {
    let input = try OpenFile(existing, O_RDONLY)
    let output = try OpenFile(new, O_WRONLY | O_CREAT | O_EXCL, permissions: permissions)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = try input.read(into: &buffer), count > 0 {
        guard !isStopped() else { throw .stopped("copy", existing) }
        try output.write(buffer, count: count)
    }
}
