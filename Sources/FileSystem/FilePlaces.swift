import Foundation
import Glibc
package import MediaModel

/// Where a path leads when all links on its way are followed; the path as it is where nothing can be found there.
package func realPath(of path: String) -> String {
    guard let found = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
}

/// Makes a folder, and with `parents` those above it; one that is there already is as good.
package func makeFolder(_ path: String, parents: Bool = false) throws(TransferError) {
    if unsafe mkdir(path, 0o755) == 0 { return }
    if errno == ENOENT, parents {
        try makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path, parents: true)
        return try makeFolder(path)
    }
    guard errno == EEXIST else { throw .system("make the folder", path) }
}

/// Renames a file or folder, in one step that nobody can see half of.
package func move(_ source: String, to target: String) throws(TransferError) {
    guard unsafe rename(source, target) == 0 else { throw .system("rename \(source) to", target) }
}

/// Removes a file, or a folder with all it holds; links are removed, not followed. Nothing there is as good.
package func removeAll(_ path: String) throws(TransferError) {
    guard try FileStatus(at: path) != nil else { return }
    do {
        try FileManager.default.removeItem(atPath: path)
    } catch {
        throw TransferError(.inputOutput, operation: "remove", detail: path, underlying: error)
    }
}
