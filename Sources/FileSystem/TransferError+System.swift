import Glibc
package import MediaModel

extension TransferError {
    /// The failure that `errno` tells of right now.
    package static func system(_ operation: String, _ path: String) -> TransferError {
        let number = errno
        let code: Code =
            switch number {
            case ENOSPC, EDQUOT: .diskFull
            case EACCES, EPERM, EROFS, ENOTDIR, ELOOP, ESTALE: .unreachable
            default: .inputOutput
            }
        let reason = unsafe String(cString: strerror(number))
        let advice = code == .diskFull ? "; free some space and run again" : ""
        return TransferError(code, operation: operation, detail: "\(path): \(reason)\(advice)")
    }

    package static func stopped(_ operation: String, _ path: String) -> TransferError {
        TransferError(.cancelled, operation: operation, detail: "\(path): it was asked to stop")
    }
}
