import Cataloging
import Foundation
import MediaModel
import Publishing

/// The store and the catalog of a manifest: what they hold, and how a title comes into them. Files first, checked, then one transaction.
struct Publication: Sendable {
    private let manifest: Manifest
    private let work: WorkFolder
    private let store: any PackageStore
    private let catalog: Catalog

    /// The folder that packages go to.
    var folder: String? { if case .folder(let path) = manifest.publish { path } else { nil } }

    /// Opens both; makes the catalog where there is none.
    init(_ manifest: Manifest, work: WorkFolder) throws {
        self.manifest = manifest
        self.work = work
        store = try Documents.store(manifest.publish)
        do { catalog = try Catalog(url: manifest.catalog) } catch {
            throw PipelineError(.unreachable, "open the catalog '\(manifest.catalog)'", "", underlying: error)
        }
    }

    func isCurrent(title: String, version: String) throws -> Bool { try catalog.currentVersion(of: title) == version }

    /// A person took this version back: it is not for a run to bring it again.
    func isWithdrawn(_ plan: AssetPlan) throws -> Bool { try catalog.withdrawnVersion(of: plan.id) == plan.version }

    /// Done is what the catalog says is current and the store really holds, whatever the work folder holds.
    func holds(_ plan: AssetPlan) throws -> Bool {
        guard try isCurrent(title: plan.id, version: plan.version) else { return false }
        return try store.holds(title: plan.id, version: plan.version)
    }

    /// Address of a title's current version; nil where there is none, or it cannot be told.
    func location(of title: String) -> String? { (try? catalog.versions(of: title))?.first(where: \.isCurrent)?.location }

    /// Brings the catalog's metadata of a published title up to date.
    func reconcile(
        _ request: TitleRequest, plan: AssetPlan, journal: Journal, onEvent: @Sendable (RunEvent) -> Void
    ) throws -> TitleReport {
        var report = TitleReport(title: request.id, state: .unchanged, version: plan.version)
        if try catalog.updateMetadata(request.metadata, of: request.id) {
            onEvent(.metadataUpdated(title: request.id))
            report.state = .published
        } else {
            onEvent(.upToDate(title: request.id, version: plan.version))
        }
        journal.title(request.id, is: report.state.rawValue, share: 1)
        // A journal that was lost learns again what must be kept.
        if !journal.knowsUses(catalog: manifest.catalog, title: plan.id, version: plan.version),
            let keys = try? TitleArtefacts(plan, in: work.artefacts).keys()
        {
            journal.uses(keys, catalog: manifest.catalog, title: plan.id, version: plan.version)
        }
        return report
    }

    /// What publishing so much should take until this run has learnt it: a disk's pace, or that of a line of 100 Mb/s.
    func seconds(for bytes: Int64) -> Double { Double(bytes) / (folder == nil ? 12.5e6 : 500e6) }

    /// Publishes a title's finished package and makes it current.
    func publish(_ title: TitleWork, journal: Journal, onEvent: @Sendable (RunEvent) -> Void) throws -> TitleReport {
        let plan = title.plan
        guard let (staged, record) = try title.artefacts.package() else {
            throw PipelineError(.internalError, "publish '\(plan.id)'", "its package should be in the work folder and is not; run again")
        }
        let package = record.package
        for warning in package.warnings where !plan.warnings.contains(warning) {
            onEvent(.warned(title: plan.id, message: warning))
        }
        let previous = try catalog.currentVersion(of: plan.id)
        let location = try store.publish(staged: staged, package: package, previousVersion: previous)
        // First: a run that is killed between the transaction and the request leaves the next one something to send.
        if manifest.purge != nil {
            journal.owes(Purge(title: plan.id, version: plan.version, location: location), catalog: manifest.catalog)
        }
        try catalog.publish(
            CatalogEntry(
                metadata: title.request.metadata, package: package, location: location,
                publishedAt: Int64(Date().timeIntervalSince1970), cpuSeconds: journal.cpuSeconds(title: plan.id, version: plan.version),
                previousVersion: previous))
        journal.uses(try title.artefacts.keys(), catalog: manifest.catalog, title: plan.id, version: plan.version)
        journal.title(plan.id, is: "published", share: 1)
        let bytes = package.files.reduce(0) { $0 + $1.bytes }
        onEvent(.published(title: plan.id, version: plan.version, location: location, bytes: bytes))
        return TitleReport(title: plan.id, state: .published, version: plan.version, location: location, bytes: bytes)
    }
}
