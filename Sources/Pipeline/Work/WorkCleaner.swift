import Foundation

/// Removes results that no current version uses, when they have lain for some days: a preset that was tried and given up, a chunk of a
/// source that was replaced. So too the bytes of remote sources that nothing was made of.
struct WorkCleaner {
    let work: WorkFolder
    let journal: Journal
    /// How long a result is kept that nothing uses.
    let days: Int

    private static let day = 86_400.0

    /// True once a day: looking at hundreds of thousands of results takes seconds.
    var isDue: Bool { Date().timeIntervalSince1970 - journal.cleanedAt > Self.day }

    /// - Parameters:
    ///   - catalog: whose versions `isCurrent` knows.
    /// - Returns: how many results and sources went, and their bytes; a file that is published too frees nothing.
    func clean(
        catalog: String, now: Date = Date(), isCurrent: (_ title: String, _ version: String) throws -> Bool
    ) throws -> (results: Int, bytes: Int64) {
        let used = try journal.usedKeys(catalog: catalog, isCurrent: isCurrent)
        var removed = (results: 0, bytes: Int64(0))
        for (key, made) in try work.artefacts.all() where !used.contains(key) {
            guard now.timeIntervalSince(made) > Double(days) * Self.day else { continue }
            removed.bytes += try work.artefacts.remove(key)
            removed.results += 1
        }
        let sources = try RemoteCache.clean(work: work.path, days: days, now: now)
        removed.results += sources.files
        removed.bytes += sources.bytes
        journal.cleaned()
        return removed
    }
}
