import CFFmpeg
import Glibc

/// What stands under a name: only a plain file ends, can be read twice and from any place. A pipe may be waited for for ever.
package enum FileKind {
    /// Why a file cannot be read as a source, in words; nil: it is a plain one.
    /// - Parameter mode: `st_mode` of what the name leads to.
    package static func fault(mode: UInt32) -> String? {
        switch mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: "it is a folder; a file is wanted"
        case S_IFIFO: "it is a pipe, which can be read only once; a plain file is wanted"
        case S_IFSOCK: "it is a socket; a plain file is wanted"
        default: "it is a device; a plain file is wanted"
        }
    }

    /// - Throws: `LibavError` where something stands there that is no plain file; what cannot be looked at fails when it is opened.
    static func demandPlain(_ path: String, operation: String) throws(LibavError) {
        var status = stat()
        guard stat(path, &status) == 0, let fault = fault(mode: status.st_mode) else { return }
        throw LibavError(code: LibavError.invalidArgument, operation: operation, detail: fault, log: "")
    }
}
