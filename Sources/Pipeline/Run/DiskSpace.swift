import Engine
import Foundation
import Glibc

/// Whether a disk holds what a run will write.
enum DiskSpace {
    /// What a title will still write.
    struct Need: Sendable {
        var title: String
        /// Bytes for the work folder.
        var work: Int64
        /// Bytes of its package.
        var package: Int64
    }

    /// Titles that do not fit, taken in order; error by id.
    /// - Parameters:
    ///   - needs: in the order in which they will be made.
    ///   - store: the folder that packages go to: their files are links on the same file system, and copies on another one.
    ///   - makeRoom: called once, where something lacks room; what is freed is asked for again.
    /// - Returns: errors with both figures.
    static func lacking(
        _ needs: [Need], work: String, store: String?, free: (String) -> Int64? = DiskSpace.free, makeRoom: () -> Void
    ) -> [String: PipelineError] {
        let lacking = lacking(needs, work, store, free)
        guard !lacking.isEmpty else { return [:] }
        makeRoom()
        return self.lacking(needs, work, store, free)
    }

    private static func lacking(
        _ needs: [Need], _ work: String, _ store: String?, _ free: (String) -> Int64?
    ) -> [String: PipelineError] {
        var lacking: [String: PipelineError] = [:]
        var (bytes, packages) = (Int64(0), Int64(0))
        let shelf = store.flatMap(nearest).flatMap { isSameDisk($0, work) ? nil : $0 }
        for need in needs {
            do throws(PipelineError) {
                try demand(bytes + need.work, for: need.title, at: work, free(work))
                if let shelf { try demand(packages + need.package, for: need.title, at: shelf, free(shelf)) }
                bytes += need.work
                packages += need.package
            } catch { lacking[need.title] = error }
        }
        return lacking
    }

    private static func isSameDisk(_ one: String, _ other: String) -> Bool {
        SystemCall.status(one)?.st_dev == SystemCall.status(other)?.st_dev
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

    private static func demand(_ bytes: Int64, for title: String, at path: String, _ free: Int64?) throws(PipelineError) {
        guard let free, free < bytes else { return }
        throw PipelineError(
            .diskFull, "begin '\(title)'",
            "with what is made before it, it should write about \(megabytes(bytes)) and the disk of '\(path)' has \(megabytes(free)) left; "
                + "make space, or run fewer titles with --only")
    }

    /// Bytes that this user may still write.
    static func free(_ path: String) -> Int64? {
        #if REELMILL_TESTING
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
