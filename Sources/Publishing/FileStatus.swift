import Glibc

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
