import Cataloging
import Engine
package import Foundation
import MediaModel
import Planning
package import Storage
import Transcoding

/// `gc`: superseded and stray versions, abandoned uploads and unused results of a manifest: what there is, and its removal.
///
/// Catalog and store may be shared with other manifests, whose titles are kept as those say: only this one's own are looked at, or, when
/// asked for, the catalog's too. A title that neither knows may be somebody else's.
package struct Cleanup: Sendable {
    /// One thing that can go.
    package enum Item: Hashable, Sendable, CustomStringConvertible {
        case version(title: String, version: String, publishedAt: Date)
        /// Of a title that a person took off.
        case removed(title: String, version: String, removedAt: Date)
        /// A run was ended before the catalog's transaction, or an earlier `gc` after it.
        case stray(StoredVersion)
        /// What a dead run has left in the store.
        case remnant(Remnant)

        init(_ version: VersionRecord) {
            func date(_ seconds: Int64) -> Date { Date(timeIntervalSince1970: Double(seconds)) }
            self =
                if let removedAt = version.titleRemovedAt {
                    .removed(title: version.title, version: version.version, removedAt: date(removedAt))
                } else {
                    .version(title: version.title, version: version.version, publishedAt: date(version.publishedAt))
                }
        }

        package var description: String {
            switch self {
            case .version(let title, let version, let publishedAt):
                "version \(title) \(version), published \(publishedAt.formatted(.iso8601))"
            case .removed(let title, let version, let removedAt):
                "version \(title) \(version) of a title that was taken off \(removedAt.formatted(.iso8601))"
            case .stray(let stray):
                "stray version \(stray.title) \(stray.version), \(stray.isWhole ? "whole" : "half"), not in this catalog, last written "
                    + stray.changedAt.formatted(.iso8601)
            case .remnant(let remnant): remnant.description
            }
        }
    }

    /// Superseded versions first, then strays, then remnants.
    package let items: [Item]
    /// One line each: superseded versions that stay because they lie in another store; how many titles were not looked at.
    package let notes: [String]
    private let manifest: Manifest
    private let takesAllTitles: Bool
    private let work: WorkFolder
    private let store: any PackageStore
    private let catalog: Catalog

    /// A remnant or a version may be another machine's, under way.
    private static let patience = 86_400.0

    /// Lists what can go. Takes the work folder's lock; `letRunsIn` or the end of its life releases it.
    /// - Parameters:
    ///   - takesAllTitles: whether those of the catalog that the manifest does not name are kept as it says, too.
    ///   - environment: where the store's credentials are looked for.
    /// - Throws: `DocumentErrors`, `locked`, `unreachable`.
    package init(
        manifest path: String, work named: String?, takesAllTitles: Bool = false, now: Date = Date(),
        environment: [String: String] = RunOptions.thisEnvironment
    ) throws {
        self.takesAllTitles = takesAllTitles
        MediaLibraries.prepare()
        let folder = Documents.workFolder(named, manifest: path)
        manifest = try Documents.manifest(path, proven: ProvenPresets(work: folder)).manifest
        work = try WorkFolder(path: folder)
        try work.takeLock()
        store = try Documents.store(manifest.publish, environment: environment)
        // A catalog that were made now would know of nothing, and everything would be a stray.
        guard try CatalogReader.exists(url: manifest.catalog) else {
            throw PipelineError(
                .unreachable, "open the catalog '\(manifest.catalog)'", "it is not there, so that nobody knows what may be removed")
        }
        do {
            catalog = try Catalog(url: manifest.catalog)
            (items, notes) = try Self.look(manifest, takesAllTitles, store, catalog, now: now)
        } catch {
            throw PipelineError(FailureReason.code(ofOpening: error), "look for what can be removed", "", underlying: error)
        }
    }

    private static func look(
        _ manifest: Manifest, _ takesAllTitles: Bool, _ store: any PackageStore, _ catalog: Catalog, now: Date
    ) throws -> (items: [Item], notes: [String]) {
        let versions = try catalog.versions()
        let named = Set(manifest.titles.map(\.id))
        let others = Set(versions.map(\.title)).subtracting(named)
        let titles = takesAllTitles ? named.union(others) : named
        let oldest = now.addingTimeInterval(-patience)
        var items: [Item] = []
        var notes: [String] = []
        for version in superseded(versions.filter { titles.contains($0.title) }, manifest.keep, now: now) {
            let item = Item(version)
            if version.location == store.location(title: version.title, version: version.version) {
                items.append(item)
            } else {
                notes.append("\(item) stays: it lies in \(version.location), which is not where this manifest publishes to")
            }
        }
        if !takesAllTitles, !others.isEmpty {
            notes.append("titles of the catalog that this manifest does not name, not looked at without --all-titles: \(others.count)")
        }
        items += try strays(in: store, versions, titles: titles, before: oldest).map { .stray($0) }
        items += try store.remnants(of: titles, before: oldest).map { .remnant($0) }
        return (items, notes)
    }

    /// Neither current, nor among the newest, nor superseded of late: what somebody saw yesterday, somebody may go back to. Of a title that
    /// was taken off so long ago: all, the current one last.
    static func superseded(_ versions: [VersionRecord], _ keep: KeepPolicy, now: Date) -> [VersionRecord] {
        let oldest = now.timeIntervalSince1970 - Double(keep.days) * 86_400
        let titles = Dictionary(grouping: versions, by: \.title)
        return titles.keys.sorted().flatMap { title -> [VersionRecord] in
            let newestFirst = (titles[title] ?? []).sorted { $0.publishedAt > $1.publishedAt }
            if let removedAt = newestFirst.first?.titleRemovedAt, Double(removedAt) < oldest {
                return newestFirst.filter { !$0.isCurrent } + newestFirst.filter(\.isCurrent)
            }
            return newestFirst.dropFirst(keep.versions).filter { version in
                guard !version.isCurrent, let supersededAt = version.supersededAt else { return false }
                return Double(supersededAt) < oldest
            }
        }
    }

    /// Versions in the store that the catalog does not know and that nobody has written to since `time`. A catalog that knows nothing at
    /// all is taken for a lost one: what is whole stays then.
    /// - Parameter titles: whose are looked for.
    static func strays(
        in store: any PackageStore, _ versions: [VersionRecord], titles: Set<String>, before time: Date
    ) throws(TransferError) -> [StoredVersion] {
        let known = Dictionary(grouping: versions, by: \.title).mapValues { Set($0.map(\.version)) }
        var strays: [StoredVersion] = []
        // Other things may lie beside: other tools' folders, and in ours what has no version's name.
        for title in try store.titles() where titles.contains(title) {
            for version in try store.versions(of: title) where StoredVersion.isName(version) && known[title]?.contains(version) != true {
                guard let stored = try store.stored(title: title, version: version), stored.changedAt < time else { continue }
                if !stored.isWhole || !versions.isEmpty { strays.append(stored) }
            }
        }
        return strays
    }

    // MARK: Removal

    /// Lets runs begin while a person thinks.
    package func letRunsIn() { work.releaseLock() }

    /// Keeps runs out again, and looks again.
    /// - Returns: what was found before and can still go.
    /// - Throws: `locked` while a run is going.
    package func lookAgain() throws -> [Item] {
        try work.takeLock()
        do {
            let found = Set(try Self.look(manifest, takesAllTitles, store, catalog, now: Date()).items)
            return items.filter(found.contains)
        } catch {
            throw PipelineError(FailureReason.code(ofOpening: error), "look again for what can be removed", "", underlying: error)
        }
    }

    /// Removes things one after another.
    /// - Returns: how many; what somebody came to need meanwhile stays.
    /// - Throws: `interrupted` between two of them.
    package func remove(_ items: [Item], isStopped: () -> Bool = { StopSignal.isRaised }) throws -> Int {
        var removed = 0
        for item in items {
            try demandTime(isStopped, after: "\(removed) of \(items.count) were removed")
            do { removed += try remove(item) ? 1 : 0 } catch {
                throw PipelineError(FailureReason.code(of: error), "remove \(item)", "", underlying: error)
            }
        }
        return removed
    }

    private func demandTime(_ isStopped: () -> Bool, after done: String) throws {
        guard !isStopped() else { throw PipelineError(.interrupted, "clean up", "it was asked to stop; \(done)") }
    }

    /// Removes one thing. A version leaves the catalog before its files go: nobody is sent to what is not there.
    private func remove(_ item: Item) throws -> Bool {
        switch item {
        case .version(let title, let version, _):
            return try delete(title, version, whileStill: store.stored(title: title, version: version), isSuperseded: true)
        case .removed(let title, let version, let removedAt):
            // One that was restored since, or taken off once more, is not due.
            return try delete(
                title, version, whileStill: store.stored(title: title, version: version), isSuperseded: true,
                titleRemovedBefore: Int64(removedAt.timeIntervalSince1970) + 1)
        case .stray(let stray): return try delete(stray.title, stray.version, whileStill: stray, isSuperseded: false)
        case .remnant(let remnant): try store.remove(remnant)
        }
        return true
    }

    /// What was superseded or unknown when it was looked for may have become current since, or be about to: a rollback, a run with another
    /// work folder. The store and the catalog are asked once more, at the last moment, with which the removal begins; a run that comes to
    /// the version after that finds it in the catalog, and before each further request the catalog says whether it is still ours.
    private func delete(
        _ title: String, _ version: String, whileStill stored: StoredVersion?, isSuperseded: Bool, titleRemovedBefore: Int64? = nil
    ) throws -> Bool {
        var lease: Int?
        var failure: (any Error)?
        let isNeeded = {
            do {
                if let lease { return try !catalog.renewRemoval(of: title, version: version, lease: lease) }
                guard try store.stored(title: title, version: version) == stored else { return true }
                lease = try catalog.beginRemoval(
                    of: title, version: version, isSuperseded: isSuperseded, titleRemovedBefore: titleRemovedBefore)
                return lease == nil
            } catch {
                failure = error
                return true
            }
        }
        do {
            let files = try store.delete(title: title, version: version, unless: isNeeded)
            // Where no file is left, only the catalog has something to forget.
            if lease == nil, failure == nil, stored == nil { _ = isNeeded() }
            if let failure { throw failure }
            guard let lease else { return false }
            guard try catalog.endRemoval(of: title, version: version, lease: lease) else {
                // A request may have come so late that it took what a run had just published.
                throw PipelineError(
                    .title, "go on with it",
                    "it was held up so long that a run or another gc took over; "
                        + "if the version has become current, 'reelmill verify' it")
            }
            return files > 0
        } catch {
            // Runs are let in at once if the catalog can still be told; else they come in when the removal is too old to be going on.
            if let lease { _ = try? catalog.endRemoval(of: title, version: version, lease: lease) }
            throw error
        }
    }

    /// Removes what no run has used in the work folder for `keep_work` days, and what is more than `work_size`.
    /// - Throws: `interrupted` between two of them.
    package func cleanWork(isStopped: () -> Bool = { StopSignal.isRaised }) throws -> (results: Int, bytes: Int64) {
        do {
            let usage = ResultUsage(try Journal(work: work.path))
            let cleaner = WorkCleaner(work: work, usage: usage, days: manifest.keepWorkDays, size: manifest.workSize)
            var removed = try cleaner.clean(isStopped: isStopped)
            let more = try cleaner.shrink(isStopped: isStopped)
            removed.results += more.results
            removed.bytes += more.bytes
            try demandTime(isStopped, after: "\(removed.results) unused results were removed")
            return (removed.results, removed.bytes)
        } catch let error as PipelineError { throw error } catch let error as EngineError { throw error } catch {
            throw PipelineError(FailureReason.code(of: error), "clean the work folder", "", underlying: error)
        }
    }
}
