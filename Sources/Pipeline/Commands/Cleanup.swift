import Cataloging
package import Foundation
import MediaModel
import Planning
import Publishing
import Transcoding

/// `gc`: superseded versions, abandoned uploads and unused results of a manifest: what there is, and its removal.
package struct Cleanup: Sendable {
    /// One thing that can go.
    package enum Item: Sendable, CustomStringConvertible {
        case version(title: String, version: String, publishedAt: Date)
        /// An upload in parts that nobody ended.
        case upload(key: String, begun: Date?)

        package var description: String {
            switch self {
            case .version(let title, let version, let publishedAt):
                "version \(title) \(version), published \(publishedAt.formatted(.iso8601))"
            case .upload(let key, let begun): "upload \(key), begun \(begun?.formatted(.iso8601) ?? "some time ago")"
            }
        }
    }

    /// Superseded versions first.
    package let items: [Item]
    private let manifest: Manifest
    private let work: WorkFolder
    private let store: any PackageStore
    private let catalog: Catalog
    private let uploads: [String: UnfinishedUpload]

    /// An upload may be another machine's, under way.
    private static let patience = 86_400.0

    /// Looks; removes nothing. Holds the work folder's lock as long as it lives.
    package init(manifest path: String, work named: String?, now: Date = Date()) throws {
        MediaLibraries.prepare()
        let folder = Documents.workFolder(named, manifest: path)
        manifest = try Documents.manifest(path, proven: ProvenPresets(work: folder)).manifest
        work = try WorkFolder(path: folder)
        try work.takeLock()
        store = try Documents.store(manifest.publish)
        do {
            catalog = try Catalog(url: manifest.catalog)
            var items = Self.superseded(try catalog.versions(), manifest.keep, now: now).map { version in
                Item.version(
                    title: version.title, version: version.version,
                    publishedAt: Date(timeIntervalSince1970: Double(version.publishedAt)))
            }
            var uploads: [String: UnfinishedUpload] = [:]
            if let bucket = store as? S3Store {
                for upload in try bucket.abandonedUploads(before: now.addingTimeInterval(-Self.patience)) {
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

    /// Removes one thing. A version leaves the catalog before its files go: nobody is sent to what is not there.
    package func remove(_ item: Item) throws {
        do {
            switch item {
            case .version(let title, let version, _):
                try catalog.forget(title, version: version)
                try store.delete(title: title, version: version)
            case .upload(let key, _):
                if let upload = uploads[key] { try (store as? S3Store)?.abort(upload) }
            }
        } catch {
            throw PipelineError(FailureReason.code(of: error), "remove \(item)", "", underlying: error)
        }
    }

    /// Removes results in the work folder that no current version uses and that are older than `keep_work` days.
    package func cleanWork() throws -> (results: Int, bytes: Int64) {
        let journal = try Journal(work: work.path, manifest: manifest.path, workers: 0)
        defer { journal.ended(exitStatus: 0) }
        let cleaner = WorkCleaner(work: work, journal: journal, days: manifest.keepWorkDays)
        return try cleaner.clean(catalog: manifest.catalog) { try catalog.currentVersion(of: $0) == $1 }
    }
}
