package import Glibc
package import MediaModel

/// A file or folder that this process holds open; closed when the value goes out of scope. A symbolic link is never followed.
package struct OpenFile: ~Copyable {
    package let path: String
    private let descriptor: CInt

    /// - Parameter flags: of `open(2)`; `O_NOFOLLOW` and `O_CLOEXEC` are added.
    package init(_ path: String, _ flags: CInt, permissions: mode_t = 0) throws(TransferError) {
        let descriptor = unsafe open(path, flags | O_NOFOLLOW | O_CLOEXEC, permissions)
        guard descriptor >= 0 else { throw .system("open", path) }
        self.path = path
        self.descriptor = descriptor
    }

    /// A file that is there to be locked, made where it is not. One of another user, which cannot be written, is opened to be read: that is
    /// enough to lock it, but for some network file systems, so that it is tried first whether it can be written.
    package init(toLock path: String) throws(TransferError) {
        do { self = try OpenFile(path, O_RDWR | O_CREAT, permissions: 0o644) } catch {
            guard error.code == .unreachable, let readable = try? OpenFile(path, O_RDONLY) else { throw error }
            self = readable
        }
    }

    /// Nothing is lost by ignoring what `close` says: whatever must last was synchronised before.
    deinit { close(descriptor) }

    /// Fills `buffer` from its beginning; returns how many bytes were read, 0 at the end of the file.
    package func read(into buffer: inout [UInt8]) throws(TransferError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            if errno != EINTR { throw .system("read", path) }
        }
    }

    /// Reads on from here.
    package func seek(to offset: Int64) throws(TransferError) {
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw .system("read", path) }
    }

    /// Writes the first `count` bytes of `buffer`, all of them.
    package func write(_ buffer: [UInt8], count: Int) throws(TransferError) {
        var done = 0
        while done < count {
            let written = unsafe buffer.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress.map { unsafe $0 + done }, count - done)
            }
            if written > 0 {
                done += written
            } else if errno != EINTR {
                throw .system("write", path)
            }
        }
    }

    package func setPermissions(_ permissions: mode_t) throws(TransferError) {
        guard fchmod(descriptor, permissions) == 0 else { throw .system("set permissions of", path) }
    }

    /// Makes the file so long, with room on the disk for all of it.
    package func reserve(_ bytes: Int64) throws(TransferError) {
        guard ftruncate(descriptor, off_t(bytes)) == 0 else { throw .system("set the length of", path) }
        guard bytes > 0 else { return }
        // Tells its failure itself, not in errno.
        let number = posix_fallocate(descriptor, 0, off_t(bytes))
        guard number == 0 || number == EOPNOTSUPP || number == EINVAL else {
            errno = number
            throw .system("make room for", path)
        }
    }

    /// Returns once this file or folder would survive a power cut.
    package func synchronize() throws(TransferError) {
        guard fsync(descriptor) == 0 else { throw .system("synchronise", path) }
    }

    /// Waits until nobody else holds the file locked; the lock ends with this value, or with this process, however that ends.
    /// - Parameter isStopped: looked at while it waits; true: it ends with `cancelled`.
    package func lock(isStopped: () -> Bool) throws(TransferError) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw .system("lock", path) }
            guard !isStopped() else { throw .stopped("lock", path) }
            usleep(Self.pause)
        }
    }

    /// Microseconds between two looks at a lock that another holds.
    private static let pause: UInt32 = 50_000
}
