import Cataloging
import Foundation
import MediaModel
import Planning
import Publishing
import Synchronization
import Transcoding

/// `plan`: what a run would do. Writes nothing but facts of sources in the work folder.
package enum Plan {
    package enum Form: Sendable { case table, json }

    /// - Returns: the text to print, and whether every title can be planned.
    package static func run(manifest path: String, work: String?, as form: Form) throws -> (text: String, isWhole: Bool) {
        MediaLibraries.prepare()
        let manifest = try Documents.manifest(path, checkFiles: false).manifest
        let folder = try WorkFolder(path: work.map(Documents.absolute) ?? Documents.defaultWorkFolder(manifest))
        let preparation = Preparation(facts: try SourceFacts(work: folder))
        let published = try Published(manifest)
        let outcomes = Mutex<[String: PlanOutcome]>([:])
        let nodes = manifest.titles.map { request in
            TaskNode(group: request.id, cost: 0, dependencies: []) {
                let outcome = outcome(of: request, preparation, folder, published)
                outcomes.withLock { $0[request.id] = outcome }
            }
        }
        _ = TaskRunner.run(nodes, workers: UsableCores.count)
        let ordered = manifest.titles.compactMap { request in outcomes.withLock { $0[request.id] } }
        let text = form == .table ? PlanTable.text(ordered) : String(decoding: try PlanDocument(ordered).json(), as: UTF8.self)
        return (text, ordered.allSatisfy { $0.state != .failed })
    }

    private static func outcome(
        of request: TitleRequest, _ preparation: Preparation, _ folder: WorkFolder, _ published: Published
    ) -> PlanOutcome {
        do {
            let prepared = try preparation.prepare(request)
            if try published.holds(prepared.plan) { return PlanOutcome(prepared.plan, source: request.source, state: .published) }
            let state = try TitleWork(prepared, work: folder, onEvent: { _ in }).state()
            return PlanOutcome(
                prepared.plan, source: request.source, state: state.done == 0 ? .new : state.done == state.all ? .done : .partial)
        } catch {
            return PlanOutcome(failed: request.id, source: request.source, error: FailureReason.line(error))
        }
    }
}

/// What catalog and store say is published; a catalog that does not exist yet says nothing is.
struct Published: Sendable {
    private let manifest: Manifest
    private let reader: CatalogReader?

    init(_ manifest: Manifest) throws {
        self.manifest = manifest
        do {
            reader = try CatalogReader.exists(url: manifest.catalog) ? try CatalogReader(url: manifest.catalog) : nil
        } catch {
            throw PipelineError(.unreachable, "open the catalog '\(manifest.catalog)'", "", underlying: error)
        }
    }

    func holds(_ plan: AssetPlan) throws -> Bool {
        guard let reader, try reader.currentVersion(of: plan.id) == plan.version else { return false }
        return try Documents.store(manifest).holds(title: plan.id, version: plan.version)
    }
}
