import Cataloging
import Engine
import Foundation
import MediaModel
import Storage

/// The store and the catalog of a manifest: what they hold, and how a title comes into them. Files first, checked, then one transaction.
struct Publication: Sendable {
    private let manifest: Manifest
    private let work: WorkFolder
    private let catalog: Catalog
    /// nil: no CDN is to be told of anything.
    private let ledger: PurgeLedger?
    /// What is there already.
    let published: Published
    private let repair: Repair?

    private var store: any PackageStore { published.store }

    /// The folder that packages go to.
    var folder: String? { if case .folder(let path) = manifest.publish { path } else { nil } }

    /// Opens both; makes the catalog where there is none.
    /// - Parameter environment: where the store's credentials are looked for.
    /// - Throws: `unreachable`, or `diskFull` for a catalog that cannot be made.
    /// - Parameter repairs: what is published is read and mended.
    init(_ manifest: Manifest, work: WorkFolder, ledger: PurgeLedger?, environment: [String: String], repairs: Bool = false) throws {
        self.manifest = manifest
        self.ledger = ledger
        self.work = work
        let store = try Documents.reachableStore(manifest, environment: environment)
        do { catalog = try Catalog(url: manifest.catalog) } catch {
            throw PipelineError(FailureReason.code(ofOpening: error), "open the catalog '\(manifest.catalog)'", "", underlying: error)
        }
        published = Published(in: store, by: catalog)
        repair = repairs ? Repair(store: store, environment: environment) : nil
    }

    /// Makes the titles this manifest's.
    /// - Throws: `DocumentErrors` where another manifest owns one.
    func claim(_ titles: [TitleRequest]) throws {
        do { try catalog.claim(titles, for: manifest) } catch let error as CatalogError {
            throw PipelineError(FailureReason.code(ofOpening: error), "write to the catalog '\(manifest.catalog)'", "", underlying: error)
        }
    }

    /// Writes down what versions answer to that are published, and that were taken back.
    func note(_ origins: [(title: String, version: String, origin: VersionOrigin)], takenBack: [String: String]) throws {
        try catalog.note(origins)
        try catalog.note(withdrawn: takenBack)
    }

    /// Tells before hours of work that the title cannot be published.
    func demandWritable(_ title: String) throws {
        try store.demandWritable(title)
        try catalog.demandWritable()
    }

    /// Address of a title's current version; nil where there is none, or it cannot be told.
    func location(of title: String) -> String? { (try? catalog.versions(of: title))?.first(where: \.isCurrent)?.location }

    /// Writes down what a published title's files on other machines are.
    func remember(_ files: [CatalogRemoteFile], of title: String) throws { try catalog.updateRemoteFiles(files, of: title) }

    /// Brings what the catalog says of a published title up to date: its metadata, and the address of its files.
    func reconcile(
        _ request: TitleRequest, _ title: PublishedTitleState, journal: RunLog, onEvent: @Sendable (RunEvent) -> Void
    ) throws -> TitleReport {
        try reconcile(request, version: title.standing.version, note: title.note, journal: journal, onEvent: onEvent)
    }

    /// The same for a title whose planned version was taken back: the one that a person made current stays so.
    /// - Throws: where the store does not hold that one.
    func reconcile(withdrawn request: TitleRequest, journal: RunLog, onEvent: @Sendable (RunEvent) -> Void) throws -> TitleReport {
        try reconcile(request, version: try published.versionInPlace(of: request.id), journal: journal, onEvent: onEvent)
    }

    private func reconcile(
        _ request: TitleRequest, version: String, note: String? = nil, journal: RunLog, onEvent: @Sendable (RunEvent) -> Void
    ) throws -> TitleReport {
        var report = TitleReport(title: request.id, state: .unchanged, version: version)
        if let location = try relocate(request.id, version: version) {
            onEvent(.moved(title: request.id, version: version, location: location))
            (report.state, report.location) = (.published, location)
        }
        if try catalog.updateMetadata(request.metadata, of: request.id) {
            onEvent(.metadataUpdated(title: request.id))
            report.state = .published
        }
        if report.state == .unchanged { onEvent(.upToDate(title: request.id, version: version, note: note)) }
        journal.title(request.id, is: report.state, share: 1)
        if let note {
            journal.keep(note: note, of: request.id)
            if report.state != .unchanged { onEvent(.noted(title: request.id, message: note)) }
        }
        return report
    }

    /// The manifest may know the store by another address than the catalog, or have another store that holds the version too.
    /// - Returns: the address that is new to the catalog; nil: it had it.
    private func relocate(_ title: String, version: String) throws -> String? {
        let location = store.location(title: title, version: version)
        guard self.location(of: title) != location else { return nil }
        ledger?.owe(Purge(title: title, version: version, location: location))
        // So may those that it has superseded, where the store holds them too.
        for other in try catalog.versions(of: title) where other.version != version {
            let place = store.location(title: title, version: other.version)
            guard other.location != place, try store.holds(title: title, version: other.version) else { continue }
            _ = try catalog.relocate(title, version: other.version, to: place)
        }
        return try catalog.relocate(title, version: version, to: location) ? location : nil
    }

    /// What the newest published versions of a title hold of what a new one is made of.
    /// - Parameter faults: paths of the current version that are known to be wrong.
    func pieces(for plan: AssetPlan, faults: [String] = []) throws -> PublishedPieces {
        try published.pieces(for: plan, in: work.artefacts, faults: faults)
    }

    // MARK: Repair

    /// Whether what is published is read and mended.
    var repairs: Bool { repair != nil }

    /// Paths of a current version that are not what was published, every byte of it read; empty unless a repair was asked for.
    func faults(of title: String, version: String) throws -> [String] {
        try repair?.faults(title: title, version: version) ?? []
    }

    /// Mends a current version that is not the one that would be made now.
    func mend(_ title: String, version: String, faults: [String], onEvent: @Sendable (RunEvent) -> Void) throws {
        guard let repair, !faults.isEmpty else { return }
        let folder = try work.artefacts.begin()
        defer { work.artefacts.discard(folder) }
        let others = try catalog.versions(of: title).map(\.version)
        try repair.mend(title: title, version: version, faults: faults, others: others, in: folder)
        ledger?.owe(Purge(title: title, version: version, location: store.location(title: title, version: version)))
        onEvent(.warned(title: title, message: Self.mended(version)))
    }

    private static func mended(_ version: String) -> String { "version \(version) was not whole in the store any more, and was put right" }

    /// What publishing so much should take until this run has learnt it: a disk's pace, or that of a line of 100 Mb/s.
    func seconds(for bytes: Int64) -> Double { Double(bytes) / (folder == nil ? 12.5e6 : 500e6) }

    /// A title that a person took off: its rows and files stay as they are.
    func leave(removed title: String, journal: RunLog, onEvent: @Sendable (RunEvent) -> Void) -> TitleReport {
        let reason = Published.removal(of: title)
        journal.title(title, is: .removed, reason: reason)
        onEvent(.removed(title: title, message: reason))
        return TitleReport(title: title, state: .removed, reason: reason)
    }

    /// Publishes a title's finished package and makes it current; not one that a person has taken off meanwhile.
    func publish(_ title: TitleWork, journal: RunLog, onEvent: @Sendable (RunEvent) -> Void) throws -> TitleReport {
        do {
            // Asked before the first file is sent, and by the catalog's transaction after the last.
            if try !published.isRemoved(title.plan.id) { return try publishShown(title, journal: journal, onEvent: onEvent) }
        } catch let error as CatalogError where error.code == .removed {}
        return leave(removed: title.plan.id, journal: journal, onEvent: onEvent)
    }

    private func publishShown(_ title: TitleWork, journal: RunLog, onEvent: @Sendable (RunEvent) -> Void) throws -> TitleReport {
        let plan = title.plan
        guard let (staged, record) = try title.graph.package() else {
            throw PipelineError(.internalError, "publish '\(plan.id)'", "its package should be in the work folder and is not; run again")
        }
        // The store holds every file against this list.
        guard try !title.graph.tasks(PackageTask.self).contains(where: { title.graph.store.isDamaged($0.key) }) else {
            throw PipelineError(.title, "publish '\(plan.id)'", "the list of its package's files in the work folder is damaged")
        }
        let package = record.package
        for warning in package.warnings where !plan.warnings.contains(warning) {
            onEvent(.warned(title: plan.id, message: warning))
        }
        let previous = try catalog.currentVersion(of: plan.id)
        let removals = try catalog.removals(of: plan.id, version: plan.version)
        let location: String
        // What is current already is published only where the store does not hold it whole.
        let mends = previous == plan.version
        let wasHere = mends && self.location(of: plan.id) == store.location(title: plan.id, version: plan.version)
        do { location = try store.publish(staged: staged, package: package, previousVersion: previous, mends: mends) } catch {
            // Objects that vanish while they are published may be what `gc` takes.
            try catalog.demandNoRemoval(of: plan.id, version: plan.version, since: removals)
            throw error
        }
        if wasHere {
            onEvent(.warned(title: plan.id, message: Self.mended(plan.version)))
        }
        // A run that is killed between the catalog's transaction and the request leaves the next one something to send.
        ledger?.owe(Purge(title: plan.id, version: plan.version, location: location))
        try catalog.publish(
            CatalogEntry(
                metadata: title.request.metadata, package: package, location: location,
                publishedAt: Int64(Date().timeIntervalSince1970),
                cpuSeconds: CostStatistics(journal.journal).cpuSeconds(group: plan.id, version: plan.version),
                previousVersion: previous, removals: removals, origin: title.origin))
        // What was of use now is not the first to go.
        if let keys = try? title.graph.keys() { ResultUsage(journal.journal).used(keys) }
        journal.title(plan.id, is: .published, share: 1)
        let bytes = package.files.reduce(0) { $0 + $1.bytes }
        onEvent(.published(title: plan.id, version: plan.version, location: location, bytes: bytes))
        return TitleReport(title: plan.id, state: .published, version: plan.version, location: location, bytes: bytes)
    }
}
