import Engine
import Foundation
import Glibc
import MediaModel

/// Keeps the work folder within bounds. All of it is cache: what a published version is made of can be had from the store again. So results
/// go when nothing has used them for some days, sooner when the folder is larger than it may be or room is needed, what was not used for
/// longest first. What stays is what this run has still to publish.
struct WorkCleaner {
    /// What went; a file that is published too frees nothing.
    struct Removed: Equatable {
        var results = 0
        var bytes: Int64 = 0
    }

    let work: WorkFolder
    let usage: ResultUsage
    /// How long a result is kept that nothing uses.
    let days: Int
    /// Bytes of the folder after a run; nil: any.
    var size: Int64?
    /// Of tasks whose results titles are made of.
    var kinds = TitleGraph.kinds

    private static let day = 86_400.0

    /// True once a day: looking at hundreds of thousands of results takes seconds.
    var isDue: Bool { Date().timeIntervalSince1970 - usage.cleanedAt > Self.day }

    /// Removes what has grown old.
    /// - Parameter isStopped: asked before each result; true ends it, and it is due again.
    func clean(now: Date = Date(), isStopped: () -> Bool = { StopSignal.isRaised }) throws -> Removed {
        let kept = try keysOfThisRun()
        var removed = Removed()
        var gone: [TaskKey] = []
        for (key, used) in try usage.all(of: work.artefacts) where !kept.contains(key) {
            guard now.timeIntervalSince(used) > Double(days) * Self.day else { continue }
            guard !isStopped() else { return removed }
            removed.bytes += try work.artefacts.remove(key)
            removed.results += 1
            gone.append(key)
        }
        guard !isStopped() else { return removed }
        let sources = try RemoteCache.clean(work: work.path, days: days, now: now)
        removed.results += sources.files
        removed.bytes += sources.bytes
        usage.cleaned(gone: gone)
        return removed
    }

    /// Removes what was not used for longest, until the folder is as large as it may be.
    func shrink(isStopped: () -> Bool = { StopSignal.isRaised }) throws -> Removed {
        guard let size else { return Removed() }
        var total = try Self.bytes(of: work.path)
        guard total > size else { return Removed() }
        var removed = Removed()
        for key in try evictable() {
            guard total > size, !isStopped() else { return removed }
            total -= try work.artefacts.bytes(of: key)
            removed.bytes += try work.artefacts.remove(key)
            removed.results += 1
        }
        for (file, bytes) in try RemoteCache.evictable(work: work.path) {
            guard total > size, !isStopped() else { return removed }
            try FileManager.default.removeItem(atPath: file)
            total -= bytes
            removed.bytes += bytes
            removed.results += 1
        }
        return removed
    }

    /// Removes what was not used for longest, and frees anything, until there is room for what is to be written.
    /// - Parameter free: bytes that the disk has left.
    func makeRoom(_ wanted: Int64, free: (String) -> Int64? = DiskSpace.free, isStopped: () -> Bool = { StopSignal.isRaised }) throws
        -> Removed
    {
        var removed = Removed()
        for key in try evictable() {
            guard let left = free(work.path), left < wanted, !isStopped() else { return removed }
            // Another name of what is published takes no room; one of a package goes first, and with it those that its pieces have.
            guard isPackage(key) || work.artefacts.freesBytes(key) else { continue }
            removed.bytes += try work.artefacts.remove(key)
            removed.results += 1
        }
        return removed
    }

    /// Keys of what this run has not still to publish: packages first, which are further names of their pieces, then what was not used for
    /// longest.
    private func evictable() throws -> [TaskKey] {
        let kept = try keysOfThisRun()
        let results = try usage.all(of: work.artefacts).filter { !kept.contains($0.key) }
        return results.map { (key: $0.key, rank: isPackage($0.key) ? 0 : 1, used: $0.used) }
            .sorted { ($0.rank, $0.used, $0.key.description) < ($1.rank, $1.used, $1.key.description) }.map(\.key)
    }

    /// Whether it is a whole package: further names of its pieces' files.
    private func isPackage(_ key: TaskKey) -> Bool { work.artefacts.hasFile("package", in: key) }

    /// Of all its files; one that has two names in it counts twice.
    static func bytes(of folder: String) throws -> Int64 {
        try FileManager.default.subpathsOfDirectory(atPath: folder).reduce(0) { sum, name in
            // What goes away meanwhile has no bytes.
            guard let status = SystemCall.status("\(folder)/\(name)"), status.st_mode & S_IFMT == S_IFREG else { return sum }
            return sum + Int64(status.st_size)
        }
    }

    /// Keys of what this run was to make and has not published. A title that it had no time for, or that failed, is made of them by the
    /// next: however short a time results are kept, a title that takes many nights comes to its end.
    private func keysOfThisRun() throws -> Set<TaskKey> {
        var keys: Set<TaskKey> = []
        for plan in try work.plans() { keys.formUnion(try TitleGraph(plan, in: work.artefacts, kinds: kinds).keys()) }
        return keys
    }
}
