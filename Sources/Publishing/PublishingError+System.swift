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
