import Cataloging
import Foundation
import MediaModel
import Planning
import Publishing
import Synchronization
import Transcoding

/// The main job, top to bottom: read, prove, lock, plan, make, package, publish, catalog.
package struct Run: Sendable {
    private let options: RunOptions
    private let manifest: Manifest
    private let work: WorkFolder
    private let journal: Journal
    private let publication: Publication
    private let preparation: Preparation
    private let onEvent: @Sendable (RunEvent) -> Void

    /// - Parameter onEvent: called from many threads.
    /// - Throws: `DocumentErrors` for a wrong manifest or preset, `PipelineError` for a lock, a store or a catalog that cannot be had, and
    ///   for a disk that is too small. A title that fails is in the report.
    package static func run(_ options: RunOptions, onEvent: @escaping @Sendable (RunEvent) -> Void) throws -> RunReport {
        MediaLibraries.prepare()
        let folder = Documents.workFolder(options.work, manifest: options.manifest)
        let proven = ProvenPresets(work: folder)
        let manifest = try Documents.manifest(options.manifest, proven: proven).manifest
        let run = try Run(options, manifest: manifest, work: folder, onEvent: onEvent)
        defer { run.work.releaseLock() }
        try proven.save()
        let titles = try run.chosenTitles()
        do {
            let report = try run.all(titles)
            run.journal.ended(exitStatus: report.exitStatus)
            return report
        } catch {
            run.journal.ended(exitStatus: FailureReason.code(of: error).exitStatus)
            throw error
        }
    }

    /// Takes the work folder's lock, and opens all that a run needs.
    private init(
        _ options: RunOptions, manifest: Manifest, work folder: String, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) throws {
        self.options = options
        self.manifest = manifest
        self.onEvent = onEvent
        work = try WorkFolder(path: folder)
        try work.takeLock()
        publication = try Publication(manifest, work: work)
        preparation = Preparation(facts: try SourceFacts(work: work))
        journal = try Journal(work: work.path, manifest: manifest.path, workers: options.workers ?? MachineLimits.cores)
    }

    private func chosenTitles() throws -> [(place: Int, request: TitleRequest)] {
        let all = manifest.titles.enumerated().map { (place: $0.offset, request: $0.element) }
        guard let only = options.only else { return all }
        let chosen = all.filter { $0.request.id == only }
        guard !chosen.isEmpty else {
            throw PipelineError(.document, "run '\(only)'", "the manifest '\(options.manifest)' has no title with this id")
        }
        return chosen
    }

    // MARK: The batch

    private func all(_ titles: [(place: Int, request: TitleRequest)]) throws -> RunReport {
        let began = Monotonic.seconds
        let requests = titles.map(\.request)
        let outcome = Outcome()
        journal.titles(requests.map(\.id))
        onEvent(.began(titles: titles.count, workers: options.workers ?? MachineLimits.cores))
        let planned = plan(requests, outcome)
        let workers = options.workers ?? MachineLimits.workers(peak: planned.map(\.plan.predicted.memoryBytes).max() ?? 0)
        let board = ProgressBoard(journal: journal, workers: workers, onEvent: onEvent)
        try demandSpace(planned)
        make(planned, workers: workers, board, outcome)
        if !StopSignal.isRaised { clean() }
        let reports = outcome.all(requests.map(\.id)).map { report in
            var report = report
            report.cpuSeconds = board.cpuSeconds(of: report.title)
            report.mediaSeconds = board.mediaSeconds(of: report.title)
            return report
        }
        let report = RunReport(
            titles: reports, wasInterrupted: StopSignal.isRaised, wallSeconds: Monotonic.seconds - began,
            cpuSeconds: reports.reduce(0) { $0 + $1.cpuSeconds }, workers: workers)
        onEvent(.ended(report))
        return report
    }

    /// Plans every title; those whose planned version is published are done with that.
    private func plan(_ requests: [TitleRequest], _ outcome: Outcome) -> [TitleWork] {
        let planned = Mutex<[Int: TitleWork]>([:])
        let board = ProgressBoard(journal: journal, workers: options.workers ?? MachineLimits.cores, onEvent: onEvent)
        let nodes = preparation.nodes(requests) { place, request, plan in
            if try publication.isWithdrawn(plan) {
                let words = "version \(plan.version) was taken back with 'catalog rollback'; change the title, or roll back to it"
                onEvent(.warned(title: request.id, message: words))
                journal.title(request.id, is: "unchanged", share: 1)
                outcome.set(TitleReport(title: request.id, state: .unchanged, version: plan.version))
            } else if try publication.holds(plan) {
                outcome.set(try publication.reconcile(request, plan: plan, journal: journal, onEvent: onEvent))
            } else {
                planned.withLock { $0[place] = TitleWork(request, plan: plan, place: place, work: work) }
            }
        }
        run(nodes, workers: options.workers ?? MachineLimits.cores, predictedMemory: nil, board, outcome)
        return planned.withLock { planned in planned.keys.sorted().compactMap { planned[$0] } }
    }

    /// What is left to write must have room before anything is begun.
    private func demandSpace(_ planned: [TitleWork]) throws {
        var bytes: Int64 = 0
        for title in planned {
            let progress = try title.artefacts.progress()
            bytes += title.plan.predicted.bytes * Int64(progress.all - progress.done) / Int64(max(1, progress.all))
        }
        let packages = planned.reduce(0) { $0 + $1.plan.predicted.bytes }
        try DiskSpace.demand(bytes, packages: packages, work: work.path, store: publication.folder)
    }

    /// Carries out all titles' tasks as one batch, so that no core waits for the last chunk of a title.
    private func make(_ titles: [TitleWork], workers: Int, _ board: ProgressBoard, _ outcome: Outcome) {
        let firstPasses = passes(titles, workers: workers, outcome) { try $0.firstPasses() }
        let secondPasses = passes(titles, workers: workers, outcome) { try $0.secondPasses() }
        var nodes: [TaskNode] = []
        for title in titles where !outcome.hasFailed(title.plan.id) {
            let plan = title.plan
            do {
                let file = try work.writePlan(PlanFile(source: title.request.source, plan: plan))
                let own = try title.nodes(
                    file: file, first: nodes.count, firstPasses: firstPasses[title.place] ?? [],
                    secondPasses: secondPasses[title.place] ?? [])
                board.planned(plan, nodes: own)
                onEvent(
                    .planned(
                        title: plan.id, version: plan.version, renditions: plan.rungs.count + plan.audio.count,
                        chunks: plan.grid.chunkCount, tasks: own.count { $0.order != nil }))
                for warning in plan.warnings { onEvent(.warned(title: plan.id, message: warning)) }
                // A finished title is published at once: what is done shall not wait for the batch.
                let last = own.isEmpty ? [] : [nodes.count + own.count - 1]
                nodes += own
                nodes.append(
                    TaskNode(
                        title: plan.id, place: title.place, after: last,
                        .local { outcome.set(try publication.publish(title, journal: journal, onEvent: onEvent)) }))
            } catch { fail(plan.id, error, outcome) }
        }
        let memory = titles.map(\.plan.predicted.memoryBytes).max() ?? 0
        run(nodes, workers: workers, predictedMemory: memory, board, outcome)
    }

    /// The batch's passes by their title's place, split so that all workers end together.
    private func passes(
        _ titles: [TitleWork], workers: Int, _ outcome: Outcome, _ body: (TitleWork) throws -> [PicturePass]
    ) -> [Int: [PicturePass]] {
        var all: [PicturePass] = []
        for title in titles {
            do { all += try body(title) } catch { fail(title.plan.id, error, outcome) }
        }
        return Dictionary(grouping: PassGrouping.split(all, workers: workers), by: \.title)
    }

    /// - Parameter predictedMemory: of the hungriest task; nil while nobody knows: then the machine's is the limit.
    private func run(_ nodes: [TaskNode], workers: Int, predictedMemory: Int64?, _ board: ProgressBoard, _ outcome: Outcome) {
        let memory = predictedMemory.map { 3 * $0 + (1 << 30) } ?? MachineLimits.memory ?? 8 << 30
        let settings = WorkerPool.Settings(
            program: options.program, work: work.path, workers: workers, nice: options.nice,
            limits: TaskLimits(silence: Double(options.taskTimeout), memory: options.taskMemory ?? memory))
        let deadline = options.deadline
        let result = WorkerPool.run(
            nodes, settings, observer: board,
            shouldStop: { StopSignal.isRaised || (options.failFast && outcome.hasFailures) },
            fits: { node in deadline.map { Date(timeIntervalSinceNow: board.seconds(for: node)) <= $0 } ?? true },
            onFailure: { title, error in fail(title, error, outcome) })
        for title in result.postponed.sorted() where result.failures[title] == nil {
            outcome.set(TitleReport(title: title, state: .postponed, code: .locked))
            journal.title(title, is: "postponed")
            onEvent(.postponed(title: title))
        }
    }

    private func fail(_ title: String, _ error: any Error, _ outcome: Outcome) {
        let code = FailureReason.code(of: error)
        if code == .interrupted { return }
        let reason = FailureReason.line(error)
        outcome.set(TitleReport(title: title, state: .failed, reason: reason, code: code))
        journal.title(title, is: "failed", reason: reason)
        onEvent(.failed(title: title, reason: reason))
    }

    // MARK: Afterwards

    /// Once a day, results that no current version uses are removed when they have lain long enough.
    private func clean() {
        let cleaner = WorkCleaner(work: work, journal: journal, days: manifest.keepWorkDays)
        guard cleaner.isDue else { return }
        do {
            let removed = try cleaner.clean(catalog: manifest.catalog) { try publication.isCurrent(title: $0, version: $1) }
            if removed.results > 0 { onEvent(.cleaned(results: removed.results, bytes: removed.bytes)) }
        } catch {
            // The titles are done; what could not be removed is tried again tomorrow.
            onEvent(.warned(title: "", message: "the work folder could not be cleaned: \(FailureReason.line(error))"))
        }
    }
}
