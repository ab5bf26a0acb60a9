import Foundation
import Glibc

/// Whether a disk holds what a run will write.
enum DiskSpace {
    /// - Parameters:
    ///   - bytes: that will be written to the work folder.
    ///   - packages: bytes of the packages.
    ///   - store: where they go: their files are links on the same file system, and copies on another one.
    /// - Throws: `diskFull`, with both figures.
    static func demand(_ bytes: Int64, packages: Int64, work: String, store: String?) throws {
        try demand(bytes, at: work)
        guard let store, let place = nearest(store), SystemCall.status(place)?.st_dev != SystemCall.status(work)?.st_dev else { return }
        try demand(packages, at: place)
    }

    /// - Parameters:
    ///   - bytes: of a remote file that are not here yet.
    ///   - path: the folder that they go to.
    /// - Throws: `diskFull`, with both figures.
    static func demand(_ bytes: Int64, for file: String, at path: String) throws {
        guard let free = free(path), free < bytes else { return }
        throw PipelineError(
            .diskFull, "fetch '\(file)'",
            "it has \(megabytes(bytes)) and the disk of '\(path)' has \(megabytes(free)) left; make space, let files that were worked on go "
                + "sooner (keep_work), or run fewer titles with --only")
    }

    private static func demand(_ bytes: Int64, at path: String) throws {
        guard let free = free(path), free < bytes else { return }
        throw PipelineError(
            .diskFull, "begin the run",
            "it should write about \(megabytes(bytes)) and the disk of '\(path)' has \(megabytes(free)) left; make space, or run fewer titles "
                + "with --only")
    }

    /// Bytes that this user may still write.
    static func free(_ path: String) -> Int64? {
        #if DEBUG
            if let bytes = TestFault.freeBytes { return bytes }
        #endif
        var facts = statvfs()
        guard unsafe statvfs(path, &facts) == 0 else { return nil }
        return Int64(facts.f_bavail) * Int64(facts.f_frsize)
    }

    /// A folder that will be made has no file system yet: the nearest one above it that is there.
    private static func nearest(_ path: String) -> String? {
        var url = URL(fileURLWithPath: path)
        while !SystemCall.exists(url.path) {
            guard url.path != "/" else { return nil }
            url.deleteLastPathComponent()
        }
        return url.path
    }

    private static func megabytes(_ bytes: Int64) -> String { "\((bytes + 500_000) / 1_000_000) MB" }
}
