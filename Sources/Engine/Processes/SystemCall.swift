package import Glibc

/// The few calls that Foundation has no words for.
package enum SystemCall {
    /// What the last failed call says.
    package static var lastError: String { unsafe String(cString: strerror(errno)) }
    package static var isDiskFull: Bool { errno == ENOSPC || errno == EDQUOT }

    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Whether nothing has this name: not only that it cannot be looked at.
    package static func isGone(_ path: String) -> Bool { unsafe access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR) }

    /// Size, time and inode of a file; nil where it cannot be looked at (`lastError` says why).
    package static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }

    /// Waits until a file's or a folder's content is on the disk.
    package static func synchronize(_ path: String) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { _ = close(descriptor) }
        return fsync(descriptor) == 0
    }

    package static func rename(_ from: String, to: String) -> Bool { unsafe Glibc.rename(from, to) == 0 }

    /// Tells the kernel something through one of its files; what it does not want to hear is no error.
    package static func write(_ text: String, to path: String) {
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { _ = close(descriptor) }
        _ = unsafe Array(text.utf8).withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
