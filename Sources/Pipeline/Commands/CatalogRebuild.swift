import Cataloging
import Engine
import Foundation
import MediaModel
import Packaging
import Planning
import Storage
import Synchronization
import Transcoding

/// `catalog rebuild`: lists what a manifest's store holds in a catalog that was lost. Nothing is encoded, nothing in the store is touched.
package struct CatalogRebuild: Sendable {
    /// What is found of a title.
    private struct Found: Sendable {
        var request: TitleRequest
        /// Whole versions, the oldest first; the last is to be current.
        var versions: [(package: AssetPackage, changedAt: Date)]
        /// Why the last is the last, for a person.
        var reason: String
    }

    /// What `write` would do, a line each.
    package let lines: [String]
    /// Titles and versions that cannot be listed, and why.
    package let notes: [String]
    private let found: [Found]
    private let manifest: Manifest
    private let store: any PackageStore

    /// Looks what there is.
    /// - Parameters:
    ///   - overwrites: whether what a catalog says already of the manifest's titles may be replaced.
    ///   - environment: where the store's credentials are looked for.
    /// - Throws: `DocumentErrors`, `unreachable`; `title` where the catalog has some of the titles and may not be overwritten.
    package init(
        manifest path: String, work named: String?, overwrites: Bool, program: String = RunOptions.thisProgram,
        environment: [String: String] = RunOptions.thisEnvironment
    ) throws {
        MediaLibraries.prepare()
        let folder = Documents.workFolder(named, manifest: path)
        manifest = try Documents.manifest(path, proven: ProvenPresets(work: folder)).manifest
        store = try Documents.reachableStore(manifest, environment: environment)
        try Self.demandRoom(in: manifest, overwrites: overwrites)
        var notes: [String] = []
        var found: [Found] = []
        do {
            for request in manifest.titles {
                guard !StopSignal.isRaised else { throw PipelineError(.interrupted, "rebuild the catalog", "it was asked to stop") }
                let versions = try Self.versions(of: request.id, in: store, &notes)
                if versions.isEmpty {
                    notes.append("\(request.id): the store has no whole version; the next run makes it")
                } else {
                    found.append(Found(request: request, versions: versions, reason: "the only one"))
                }
            }
            let others = Set(try store.titles()).subtracting(manifest.titles.map(\.id)).count
            if others > 0 { notes.append("what the store holds beside the manifest's titles is not listed: \(others) names") }
            if try !CatalogReader.exists(url: manifest.catalog), !found.isEmpty { notes.append(Self.forgotten) }
        } catch let error as TransferError {
            throw PipelineError(FailureReason.code(ofOpening: error), "look at the store", "", underlying: error)
        }
        let several = found.filter { $0.versions.count > 1 }.map(\.request)
        let planned = try Self.plannedVersions(several, work: folder, program: program, environment: environment)
        self.found = found.map { Self.ordered($0, planned: planned[$0.request.id]) }
        notes += several.map(\.id).filter { planned[$0] == nil }.map {
            "\($0): its source is not here to plan with, so that nobody can tell which of its versions the manifest asks for"
        }
        self.notes = notes
        lines = self.found.compactMap { found in
            found.versions.last.map { current in
                "\(found.request.id)  \(current.package.version)  \(found.reason) of \(found.versions.count) in the store"
            }
        }
    }

    /// What the catalog alone knew.
    private static let forgotten =
        "what was taken back with 'catalog rollback' or taken off with 'catalog remove' is not known any more: such a version or title "
        + "may be listed and published again; look at the list, and repeat those commands where it matters"

    private static func demandRoom(in manifest: Manifest, overwrites: Bool) throws {
        guard !overwrites, try CatalogReader.exists(url: manifest.catalog) else { return }
        do {
            let known = try Catalog(url: manifest.catalog).known(manifest.titles.map(\.id))
            guard !known.isEmpty else { return }
            throw PipelineError(
                .title, "rebuild the catalog '\(manifest.catalog)'",
                "it has \(known.count) of the manifest's titles already, such as '\(known[0])'; --overwrite replaces what it says of them")
        } catch let error as CatalogError {
            throw PipelineError(
                FailureReason.code(ofOpening: error), "open the catalog '\(manifest.catalog)'",
                "move it away if it is damaged, and rebuild it", underlying: error)
        }
    }

    /// Whole versions of a title, the oldest first.
    private static func versions(
        of title: String, in store: any PackageStore, _ notes: inout [String]
    ) throws -> [(package: AssetPackage, changedAt: Date)] {
        var versions: [(package: AssetPackage, changedAt: Date)] = []
        for version in try store.versions(of: title) where StoredVersion.isName(version) {
            guard let stored = try store.stored(title: title, version: version), try store.holds(title: title, version: version),
                let document = try store.document(title: title, version: version)
            else {
                notes.append("\(title): version \(version) is not whole in the store")
                continue
            }
            do {
                versions.append((try PackageDocument.decode(document), stored.changedAt))
            } catch { notes.append("\(title): version \(version): \(FailureReason.line(error))") }
        }
        return versions.sorted { ($0.changedAt, $0.package.version) < ($1.changedAt, $1.package.version) }
    }

    private static func ordered(_ found: Found, planned: String?) -> Found {
        var found = found
        guard found.versions.count > 1 else { return found }
        if let place = found.versions.firstIndex(where: { $0.package.version == planned }) {
            found.versions.append(found.versions.remove(at: place))
            found.reason = "the planned one"
        } else {
            found.reason = "the newest"
        }
        return found
    }

    /// The versions that the manifest asks for today, of titles that can be planned with files that are here.
    private static func plannedVersions(
        _ requests: [TitleRequest], work: String, program: String, environment: [String: String]
    ) throws -> [String: String] {
        let here = requests.filter(\.remoteFiles.isEmpty)
        guard !here.isEmpty else { return [:] }
        let folder = try WorkFolder(path: work)
        let preparation = Preparation(probes: try Probes(work: folder, patience: FileStamps.patience))
        let versions = Mutex<[String: String]>([:])
        let performer = PlanPerformer(here, preparation) { _, title in
            guard let plan = try title.plan?.get() else { return }
            versions.withLock { $0[plan.id] = plan.version }
        }
        // A title that cannot be planned has a newest version all the same.
        _ = TaskRunner(program: program, work: folder.path, environment: environment).plan(try preparation.nodes(here), performer)
        guard !StopSignal.isRaised else { throw PipelineError(.interrupted, "rebuild the catalog", "it was asked to stop") }
        return versions.withLock { $0 }
    }

    /// Writes it, a transaction for each title; makes the catalog where there is none.
    /// - Returns: how many titles are listed now, and why others are not.
    package func write() throws -> (titles: Int, faults: [String]) {
        do {
            let catalog = try Catalog(url: manifest.catalog)
            var faults: [String] = []
            for title in found {
                guard !StopSignal.isRaised else { throw PipelineError(.interrupted, "rebuild the catalog", "it was asked to stop") }
                if let fault = try fault(listing: title, in: catalog) { faults.append(fault) }
            }
            return (found.count - faults.count, faults)
        } catch let error as CatalogError {
            throw PipelineError(FailureReason.code(ofOpening: error), "rebuild the catalog '\(manifest.catalog)'", "", underlying: error)
        }
    }

    /// - Returns: why the title stays as it is; nil: it is listed.
    private func fault(listing title: Found, in catalog: Catalog) throws(CatalogError) -> String? {
        do throws(CatalogError) {
            try catalog.rebuild(entries(title))
            return nil
        } catch {
            // A person took it off, or a version of it back.
            if [.removed, .conflict].contains(error.code) { return FailureReason.line(error) }
            throw error
        }
    }

    private func entries(_ found: Found) -> [CatalogEntry] {
        found.versions.map { version in
            CatalogEntry(
                metadata: found.request.metadata, package: version.package,
                location: store.location(title: found.request.id, version: version.package.version),
                publishedAt: Int64(version.changedAt.timeIntervalSince1970), cpuSeconds: 0, previousVersion: nil)
        }
    }
}
