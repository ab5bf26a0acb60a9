package import Glibc
package import MediaModel

/// What stands at a path, by itself, not what a link there points to.
package struct FileStatus {
    package enum Kind { case file, folder, other }

    package var kind: Kind
    package var bytes: Int64
    /// The nine bits that say who may do what.
    package var permissions: mode_t

    /// nil: nothing is there.
    package init?(at path: String) throws(TransferError) {
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
