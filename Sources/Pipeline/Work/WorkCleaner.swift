import Foundation
import MediaModel

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
    ///   - isStopped: asked before each result; true ends it, and it is due again.
    /// - Returns: how many results and sources went, and their bytes; a file that is published too frees nothing.
    func clean(
        catalog: String, now: Date = Date(), isStopped: () -> Bool = { StopSignal.isRaised },
        isCurrent: (_ title: String, _ version: String) throws -> Bool
    ) throws -> (results: Int, bytes: Int64) {
        let used = try journal.usedKeys(catalog: catalog, isCurrent: isCurrent).union(keysOfThisRun())
        var removed = (results: 0, bytes: Int64(0))
        for (key, made) in try work.artefacts.all() where !used.contains(key) {
            guard now.timeIntervalSince(made) > Double(days) * Self.day else { continue }
            guard !isStopped() else { return removed }
            removed.bytes += try work.artefacts.remove(key)
            removed.results += 1
        }
        guard !isStopped() else { return removed }
        let sources = try RemoteCache.clean(work: work.path, days: days, now: now)
        removed.results += sources.files
        removed.bytes += sources.bytes
        journal.cleaned()
        return removed
    }

    /// Keys of what this run was to make. A title that it had no time for, or that failed, is made of them by the next: however short a
    /// time unused results are kept, a title that takes many nights comes to its end.
    private func keysOfThisRun() throws -> Set<String> {
        var keys: Set<String> = []
        for plan in try work.plans() {
            let artefacts = TitleArtefacts(plan, in: work.artefacts)
            let tasks = artefacts.tasks
            var own = [try tasks.packageKey()]
            for rung in plan.rungs.indices {
                // Those of a second pass are not known before all first passes are there, and none of them is there either.
                let rates = tasks.isTwoPass(rung: rung) ? try? artefacts.bitRates(rung: rung) : nil
                for chunk in 0..<plan.grid.chunkCount {
                    if tasks.isTwoPass(rung: rung) { own.append(try tasks.measureKey(chunk: chunk, rung: rung)) }
                    own.append(try tasks.chunkKey(chunk: chunk, rung: rung, bitRate: rates?[chunk]))
                }
            }
            own += try plan.audio.indices.map(tasks.soundKey) + plan.text.indices.map(tasks.textKey)
            if let images = try tasks.imagesKey() { own.append(images) }
            keys.formUnion(own.map(\.description))
        }
        return keys
    }
}
