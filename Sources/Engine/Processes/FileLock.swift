import Glibc

/// A lock on a whole file that belongs to whoever opened it, not to the process: two in one process keep each other out as two processes
/// do.
/// Who only looks holds nothing, and so keeps nobody out.
enum FileLock {
    /// `F_OFD_GETLK` and `F_OFD_SETLK`, which Glibc's headers show to `_GNU_SOURCE` alone; the same numbers on every Linux.
    private static let (look, set): (Int32, Int32) = (36, 37)

    /// Takes it, if nobody else has it.
    /// - Returns: false, with `errno` saying why: `EAGAIN` or `EACCES` where somebody has it.
    static func take(_ descriptor: Int32) -> Bool {
        var lock = whole(F_WRLCK)
        return unsafe fcntl(descriptor, set, &lock) == 0
    }

    /// Lets go at once, whoever else may hold a copy of the descriptor.
    static func release(_ descriptor: Int32) {
        var lock = whole(F_UNLCK)
        _ = unsafe fcntl(descriptor, set, &lock)
    }

    /// Whether somebody has it who opened the file for himself.
    static func isHeld(_ descriptor: Int32) -> Bool {
        var lock = whole(F_WRLCK)
        return unsafe fcntl(descriptor, look, &lock) == 0 && Int32(lock.l_type) != F_UNLCK
    }

    private static func whole(_ type: Int32) -> flock {
        var lock = flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        return lock
    }
}
