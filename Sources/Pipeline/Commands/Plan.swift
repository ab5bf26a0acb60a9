import Cataloging
import Engine
import Fetching
import Foundation
import MediaModel
import Planning
import S3
import Synchronization
import Transcoding

/// `plan`: what a run would do. Writes nothing but what probes have found into the work folder.
package enum Plan {
    package enum Form: Sendable { case table, json }

    /// - Parameters:
    ///   - program: what workers run, which read the sources that are not known yet.
    ///   - environment: theirs, and where the store's credentials are looked for.
    /// - Returns: the text to print, and whether every title can be planned.
    /// - Throws: `unreachable` where the store or the catalog cannot be asked, `interrupted`: half a plan is none.
    package static func run(
        manifest path: String, work: String?, as form: Form, program: String = RunOptions.thisProgram,
        environment: [String: String] = RunOptions.thisEnvironment
    ) throws -> (text: String, isWhole: Bool) {
        MediaLibraries.prepare()
        let work = Documents.workFolder(work, manifest: path)
        let manifest = try Documents.manifest(path, proven: ProvenPresets(work: work)).manifest
        let folder = try WorkFolder(path: work)
        let probes = try Probes(work: folder, patience: FileStamps.patience)
        let preparation = Preparation(probes: probes)
        let remote = RemoteFiles(manifest.sources, surroundings: Surroundings(environment: environment))
        let published = try Published(reading: manifest, environment: environment)
        let cache = RemoteCache(work: folder, stamps: probes.stamps, files: remote, memory: published.memory)
        try published.demandOwnership(of: manifest.titles, in: manifest)
        let verdicts = try Verdicts(published, manifest.titles, names: InputNames(manifest: manifest.path))
        let remakes = Mutex<[String: String]>([:])
        let outdated = Mutex<[Outdated]>([])
        let outcomes = Mutex<[String: PlanOutcome]>([:])
        let sources = Dictionary(manifest.titles.map { ($0.id, RemoteAddress.shown($0.source)) }, uniquingKeysWith: { first, _ in first })
        // What is here counts, whatever its server may say today: a plan asks nobody.
        let here = try manifest.titles.filter { request in
            if try published.isRemoved(request.id) {
                let note = Published.removal(of: request.id)
                outcomes.withLock { $0[request.id] = PlanOutcome(removed: request.id, source: sources[request.id] ?? "", note: note) }
                return false
            }
            guard let missing = missing(request, cache, preparation) else { return true }
            let note = "\(missing.shown) is not here yet; a run fetches it and plans then"
            // Where the rest is as it was published, only its server knows better.
            var title = preparation.unread(request)
            for name in request.fileNames where RemoteAddress.isRemote(name) && title.fingerprints[name] == nil {
                title.gone.insert(name)
            }
            // What cannot be judged without its bytes is told as a title whose file is not here yet.
            if case .published(let state)? = try? verdicts.judge(title) {
                let note = "\(missing.shown) is not here; a run asks whether it has changed"
                outcomes.withLock {
                    $0[request.id] = PlanOutcome(
                        published: request.id, source: sources[request.id] ?? "", version: state.standing.version, note: note)
                }
                return false
            }
            outcomes.withLock { $0[request.id] = PlanOutcome(remote: request.id, source: sources[request.id] ?? "", note: note) }
            return false
        }
        let tell: @Sendable (Prepared) throws -> Bool = { title in
            let verdict = try verdicts.judge(title)
            let (id, source) = (title.request.id, sources[title.request.id] ?? "")
            let outcome = try outcome(of: title, verdict, source: source, folder, published)
            outcomes.withLock { $0[id] = outcome }
            if case .published(let state) = verdict { outdated.withLock { $0.append(state.outdated) } }
            if case .due(_, _, let reason?) = verdict { remakes.withLock { $0[id] = reason } }
            return true
        }
        // What answers without having been read is not read.
        let nodes = try preparation.nodes(here, isSettled: { (try? tell($0)) ?? false })
        let performer = PlanPerformer(here, preparation) { _, title in _ = try tell(title) }
        let result = TaskRunner(program: program, work: folder.path, environment: environment).plan(nodes, performer)
        guard !StopSignal.isRaised else { throw PipelineError(.interrupted, "plan '\(path)'", "stopped before it was done") }
        if let error = result.failures.values.first(where: { FailureReason.code(of: $0) == .unreachable }) {
            throw PipelineError(.unreachable, "plan '\(path)'", "", underlying: error)
        }
        let ordered = manifest.titles.compactMap { request in
            result.failures[request.id].map {
                PlanOutcome(failed: request.id, source: sources[request.id] ?? "", error: FailureReason.line($0))
            } ?? outcomes.withLock { $0[request.id] }
        }
        let notes = notes(remakes.withLock { $0 }, limit: manifest.maxRemakes, outdated.withLock { $0 })
        let text =
            form == .table
            ? PlanTable.text(ordered, notes: notes) : String(decoding: try PlanDocument(ordered, notes: notes).json(), as: UTF8.self)
        return (text, ordered.allSatisfy { $0.state != .failed })
    }

    /// A remote file that a title cannot be planned without; nil: there is none.
    private static func missing(_ request: TitleRequest, _ cache: RemoteCache, _ preparation: Preparation) -> RemoteAddress? {
        // What cannot be read is not here: the run that fetches it anew says why, if it cannot.
        let files = request.remoteFiles.map { (address: $0, holding: try? cache.holding($0)) }
        if let lost = files.first(where: { $0.holding == nil }) { return lost.address }
        let gone = files.first { $0.holding == .facts }
        return preparation.probing(request) == nil ? nil : gone?.address
    }

    private static func outcome(
        of title: Prepared, _ verdict: Verdict, source: String, _ folder: WorkFolder, _ published: Published
    ) throws -> PlanOutcome {
        let id = title.request.id
        switch verdict {
        case .withdrawn(let version, _):
            // What a run leaves as a person made it is shown as that.
            let (place, note) = (try published.versionInPlace(of: id), Published.withdrawal(of: version))
            let current = try published.facts(of: id, version: place)
            return PlanOutcome(published: id, source: source, version: place, current: current, note: note)
        case .published(let state):
            var outcome = PlanOutcome(published: id, source: source, version: state.standing.version, note: state.note)
            outcome.plan = state.plan
            outcome.outdated = state.outdated.respects
            return outcome
        case .due(let plan, _, let reason):
            let own = try TitleGraph(plan, in: folder.artefacts).progress()
            let pieces = try published.pieces(for: plan, in: folder.artefacts)
            let progress = try TitleGraph(plan, in: folder.artefacts, or: pieces).progress()
            let notes = [reason.map { "is made anew: \($0)" }, takenOver(progress.done - own.done, of: progress.all)]
            return PlanOutcome(
                plan, source: source, state: progress.done == 0 ? .new : progress.done == progress.all ? .done : .partial,
                note: notes.contains { $0 != nil } ? notes.compactMap(\.self).joined(separator: "; ") : nil)
        }
    }

    /// - Parameter count: results that the work folder does not have.
    private static func takenOver(_ count: Int, of all: Int) -> String? {
        count > 0 ? "\(count) of its \(all) results are taken over from what is published" : nil
    }

    /// Of all titles together.
    private static func notes(_ remakes: [String: String], limit: Int?, _ outdated: [Outdated]) -> [String] {
        var notes: [String] = []
        if !remakes.isEmpty {
            notes.append("\(Remakes.count(remakes.count)) would be made anew: \(Remakes.words(remakes))")
            if let limit, remakes.count > limit {
                notes.append("that is more than max_remakes, \(limit): a run would stop before any work")
            }
        }
        return notes + (Outdated.summary(outdated).map { [$0] } ?? [])
    }
}
