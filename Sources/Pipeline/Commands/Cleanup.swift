import Cataloging
package import Foundation
import MediaModel
import Planning
package import Publishing
import Transcoding

/// `gc`: superseded and stray versions, abandoned uploads and unused results of a manifest: what there is, and its removal.
///
/// A store's prefix belongs to one catalog. So a version that is whole and that the catalog does not know is nobody's, if the catalog or the
/// manifest knows its title: a run was ended before the catalog's transaction, or an earlier `gc` after it. A title that neither knows may
/// be somebody else's after all; of such a one only what has no `package.json` counts, for no catalog ever names that.
package struct Cleanup: Sendable {
    /// One thing that can go.
    package enum Item: Sendable, CustomStringConvertible {
        case version(title: String, version: String, publishedAt: Date)
        /// A version in the store that the catalog does not know.
        case stray(StoredVersion)
        /// An upload in parts that nobody ended.
        case upload(key: String, begun: Date?)

        package var description: String {
            switch self {
            case .version(let title, let version, let publishedAt):
                "version \(title) \(version), published \(publishedAt.formatted(.iso8601))"
            case .stray(let stray):
                "stray version \(stray.title) \(stray.version), \(stray.isWhole ? "whole" : "half"), not in this catalog, last written "
                    + stray.changedAt.formatted(.iso8601)
            case .upload(let key, let begun): "upload \(key), begun \(begun?.formatted(.iso8601) ?? "some time ago")"
            }
        }
    }

    /// Superseded versions first, then strays, then uploads.
    package let items: [Item]
    private let manifest: Manifest
    private let work: WorkFolder
    private let store: any PackageStore
    private let catalog: Catalog
    private let uploads: [String: UnfinishedUpload]

    /// An upload or a version may be another machine's, under way.
    private static let patience = 86_400.0

    /// Looks; removes nothing. Holds the work folder's lock as long as it lives.
    package init(manifest path: String, work named: String?, now: Date = Date()) throws {
        MediaLibraries.prepare()
        let folder = Documents.workFolder(named, manifest: path)
        manifest = try Documents.manifest(path, proven: ProvenPresets(work: folder)).manifest
        work = try WorkFolder(path: folder)
        try work.takeLock()
        store = try Documents.store(manifest.publish)
        // A catalog that were made now would know of nothing, and everything would be a stray.
        guard try CatalogReader.exists(url: manifest.catalog) else {
            throw PipelineError(
                .unreachable, "open the catalog '\(manifest.catalog)'", "it is not there, so that nobody knows what may be removed")
        }
        do {
            catalog = try Catalog(url: manifest.catalog)
            let versions = try catalog.versions()
            let oldest = now.addingTimeInterval(-Self.patience)
            var items = Self.superseded(versions, manifest.keep, now: now).map { version in
                Item.version(
                    title: version.title, version: version.version,
                    publishedAt: Date(timeIntervalSince1970: Double(version.publishedAt)))
            }
            items += try Self.strays(in: store, versions, titles: Set(manifest.titles.map(\.id)), before: oldest).map { .stray($0) }
            var uploads: [String: UnfinishedUpload] = [:]
            if let bucket = store as? S3Store {
                for upload in try bucket.abandonedUploads(before: oldest) {
                    let key = "\(upload.key) \(upload.uploadID)"
                    uploads[key] = upload
                    items.append(.upload(key: key, begun: upload.initiated))
                }
            }
            self.items = items
            self.uploads = uploads
        } catch {
            throw PipelineError(FailureReason.code(of: error), "look for what can be removed", "", underlying: error)
        }
    }

    /// Neither current, nor among the newest, nor young.
    static func superseded(_ versions: [VersionRecord], _ keep: KeepPolicy, now: Date) -> [VersionRecord] {
        let oldest = now.timeIntervalSince1970 - Double(keep.days) * 86_400
        let titles = Dictionary(grouping: versions, by: \.title)
        return titles.keys.sorted().flatMap { title -> [VersionRecord] in
            let newestFirst = (titles[title] ?? []).sorted { $0.publishedAt > $1.publishedAt }
            return newestFirst.dropFirst(keep.versions).filter { !$0.isCurrent && Double($0.publishedAt) < oldest }
        }
    }

    /// Versions in the store that the catalog does not know and that nobody has written to since `time`. A catalog that knows nothing at all
    /// is taken for a lost one: what is whole stays then.
    /// - Parameter titles: those of the manifest.
    static func strays(
        in store: any PackageStore, _ versions: [VersionRecord], titles: Set<String>, before time: Date
    ) throws(PublishingError) -> [StoredVersion] {
        let known = Dictionary(grouping: versions, by: \.title).mapValues { Set($0.map(\.version)) }
        var strays: [StoredVersion] = []
        // Other things may lie beside: other tools' folders, and in ours what has no version's name.
        for title in try store.titles() where titles.contains(title) || known[title] != nil {
            for version in try store.versions(of: title) where isVersion(version) && known[title]?.contains(version) != true {
                guard let stored = try store.stored(title: title, version: version), stored.changedAt < time else { continue }
                if !stored.isWhole || !versions.isEmpty { strays.append(stored) }
            }
        }
        return strays
    }

    private static func isVersion(_ name: String) -> Bool {
        name.utf8.count == 16 && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Removes one thing. A version leaves the catalog before its files go: nobody is sent to what is not there.
    package func remove(_ item: Item) throws {
        do {
            switch item {
            case .version(let title, let version, _):
                try catalog.forget(title, version: version)
                try delete(title, version)
            case .stray(let stray): try delete(stray.title, stray.version)
            case .upload(let key, _):
                if let upload = uploads[key] { try (store as? S3Store)?.abort(upload) }
            }
        } catch {
            throw PipelineError(FailureReason.code(of: error), "remove \(item)", "", underlying: error)
        }
    }

    /// What was superseded or unknown when it was looked for may have become current since: a rollback, another machine's run.
    private func delete(_ title: String, _ version: String) throws {
        if try catalog.versions(of: title).contains(where: { $0.version == version }) { return }
        try store.delete(title: title, version: version)
    }

    /// Removes results in the work folder that no current version uses and that are older than `keep_work` days.
    package func cleanWork() throws -> (results: Int, bytes: Int64) {
        let journal = try Journal(besideRunsOf: work.path)
        let cleaner = WorkCleaner(work: work, journal: journal, days: manifest.keepWorkDays)
        return try cleaner.clean(catalog: manifest.catalog) { try catalog.currentVersion(of: $0) == $1 }
    }
}
