import Cataloging
import Foundation
import Glibc
import MediaModel
import Packaging
import Planning
import Publishing
import Synchronization
import Transcoding

/// The main job, top to bottom: read, prove, lock, plan, make, package, publish, catalog.
package struct Run: Sendable {
    private let options: RunOptions
    private let manifest: Manifest
    private let work: WorkFolder
    private let store: FolderStore
    private let catalog: Catalog
    private let preparation: Preparation
    private let workers: Int
    private let onEvent: @Sendable (RunEvent) -> Void

    /// - Parameter onEvent: called from many threads.
    /// - Throws: `DocumentErrors` for a wrong manifest or preset, `PipelineError` for a lock, a store or a catalog that cannot be had.
    ///   A title that fails is in the report.
    package static func run(_ options: RunOptions, onEvent: @escaping @Sendable (RunEvent) -> Void) throws -> RunReport {
        MediaLibraries.prepare()
        let document = try Documents.manifest(options.manifest, checkFiles: false)
        let run = try Run(options, manifest: document.manifest, onEvent: onEvent)
        return run.all(try run.chosenTitles())
    }

    private init(_ options: RunOptions, manifest: Manifest, onEvent: @escaping @Sendable (RunEvent) -> Void) throws {
        self.options = options
        self.manifest = manifest
        self.onEvent = onEvent
        work = try WorkFolder(path: options.work.map(Documents.absolute) ?? Documents.defaultWorkFolder(manifest))
        try work.takeLock()
        store = try Documents.store(manifest)
        do { catalog = try Catalog(url: manifest.catalog) } catch {
            throw PipelineError(.unreachable, "open the catalog '\(manifest.catalog)'", "", underlying: error)
        }
        preparation = Preparation(facts: try SourceFacts(work: work))
        workers = options.workers ?? UsableCores.count
    }

    private func chosenTitles() throws -> [TitleRequest] {
        guard let only = options.only else { return manifest.titles }
        let chosen = manifest.titles.filter { $0.id == only }
        guard !chosen.isEmpty else {
            throw PipelineError(.document, "run '\(only)'", "the manifest '\(options.manifest)' has no title with this id")
        }
        return chosen
    }

    // MARK: The batch

    private func all(_ titles: [TitleRequest]) -> RunReport {
        onEvent(.began(titles: titles.count, workers: workers))
        let outcome = Outcome()
        let planned = plan(titles, outcome)
        make(planned, outcome)
        let report = outcome.report(wasInterrupted: StopSignal.isRaised)
        onEvent(.ended(done: report.published.count, unchanged: report.unchanged.count, failed: report.failures.count))
        return report
    }

    /// Plans every title, on all workers, because planning reads sources whole.
    private func plan(_ titles: [TitleRequest], _ outcome: Outcome) -> [TitleWork] {
        let planned = Mutex<[String: TitleWork]>([:])
        let nodes = titles.map { request in
            TaskNode(group: request.id, cost: 0, dependencies: []) {
                guard !outcome.shouldStop(options) else { return }
                let title = TitleWork(try preparation.prepare(request), work: work, onEvent: onEvent)
                if try isPublished(title.prepared) {
                    try reconcileMetadata(request, version: title.prepared.plan.version, outcome)
                } else {
                    planned.withLock { $0[request.id] = title }
                }
            }
        }
        fail(TaskRunner.run(nodes, workers: workers), outcome)
        return titles.compactMap { request in planned.withLock { $0[request.id] } }
    }

    /// Carries out all titles' tasks as one batch, so that no core waits for the last chunk of a title.
    private func make(_ titles: [TitleWork], _ outcome: Outcome) {
        var nodes: [TaskNode] = []
        let chunks = titles.reduce(0) { $0 + ($1.prepared.plan.picture == nil ? 0 : $1.prepared.plan.grid.chunkCount) }
        for title in titles {
            let plan = title.prepared.plan
            onEvent(
                .planned(
                    title: plan.id, version: plan.version, renditions: plan.rungs.count + plan.audio.count, chunks: plan.grid.chunkCount))
            for warning in plan.warnings { onEvent(.warned(title: plan.id, message: warning)) }
            do {
                let own = try title.nodes(first: nodes.count, chunks: chunks, workers: workers)
                let dependencies = Array(nodes.count..<nodes.count + own.count)
                nodes += own
                // A finished title is published at once: what is done shall not wait for the batch.
                nodes.append(
                    TaskNode(group: plan.id, cost: .infinity, dependencies: dependencies) {
                        guard !outcome.shouldStop(options) else { return }
                        try finish(title, outcome)
                    })
            } catch { fail([plan.id: error], outcome) }
        }
        fail(TaskRunner.run(nodes, workers: workers), outcome)
    }

    private func fail(_ failures: [String: any Error], _ outcome: Outcome) {
        for (title, error) in failures.sorted(by: { $0.key < $1.key }) {
            let code = FailureReason.code(of: error)
            if code == .interrupted { continue }
            let reason = FailureReason.line(error)
            outcome.fail(title, reason, code)
            onEvent(.failed(title: title, reason: reason))
        }
    }

    // MARK: One title

    /// Done is what the catalog says is current and the store really holds, whatever the work folder holds.
    private func isPublished(_ prepared: Preparation.Prepared) throws -> Bool {
        guard try catalog.currentVersion(of: prepared.plan.id) == prepared.plan.version else { return false }
        return try store.holds(title: prepared.plan.id, version: prepared.plan.version)
    }

    private func reconcileMetadata(_ request: TitleRequest, version: String, _ outcome: Outcome) throws {
        if try catalog.updateMetadata(request.metadata, of: request.id) {
            onEvent(.metadataUpdated(title: request.id))
            outcome.publish(request.id)
        } else {
            onEvent(.upToDate(title: request.id, version: version))
            outcome.leave(request.id)
        }
    }

    /// Folds the results into a package, publishes it, and makes it current: files first, checked, then one transaction.
    private func finish(_ title: TitleWork, _ outcome: Outcome) throws {
        let plan = title.prepared.plan
        let folder = try work.packageFolder(title: plan.id, version: plan.version)
        let provenance = Provenance(reelmill: productVersion, preset: plan.presetName, libraries: MediaLibraries.identities)
        let package = try Packager.assemble(try title.packageInput(provenance), into: folder)
        for warning in package.warnings { onEvent(.warned(title: plan.id, message: warning)) }
        let previous = try catalog.currentVersion(of: plan.id)
        let location = try store.publish(staged: folder, package: package, previousVersion: previous)
        try catalog.publish(
            CatalogEntry(
                metadata: title.prepared.request.metadata, package: package, location: location,
                publishedAt: Int64(Date().timeIntervalSince1970), cpuSeconds: title.cpuSeconds, previousVersion: previous))
        work.removePackageFolder(folder)
        outcome.publish(plan.id)
        onEvent(
            .published(title: plan.id, version: plan.version, location: location, bytes: package.files.reduce(0) { $0 + $1.bytes }))
    }
}

/// What has become of the titles so far; written by many threads.
private final class Outcome: Sendable {
    private struct State {
        var published: [String] = []
        var unchanged: [String] = []
        var failures: [(title: String, reason: String, code: PipelineError.Code)] = []
    }

    private let state = Mutex(State())

    func publish(_ title: String) { state.withLock { $0.published.append(title) } }
    func leave(_ title: String) { state.withLock { $0.unchanged.append(title) } }
    func fail(_ title: String, _ reason: String, _ code: PipelineError.Code) {
        state.withLock { $0.failures.append((title, reason, code)) }
    }

    func shouldStop(_ options: RunOptions) -> Bool {
        StopSignal.isRaised || (options.failFast && state.withLock { !$0.failures.isEmpty })
    }

    func report(wasInterrupted: Bool) -> RunReport {
        state.withLock {
            RunReport(
                published: $0.published.sorted(), unchanged: $0.unchanged.sorted(), failures: $0.failures, wasInterrupted: wasInterrupted)
        }
    }
}
