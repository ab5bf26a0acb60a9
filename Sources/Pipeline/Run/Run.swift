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
    private let purges: Purges?
    private let onEvent: @Sendable (RunEvent) -> Void

    /// - Parameter onEvent: called from many threads.
    /// - Throws: `DocumentErrors` for a wrong manifest or preset, `PipelineError` for a lock, a store or a catalog that cannot be had. A title
    ///   that fails, also for a disk that is too small, is in the report.
    package static func run(_ options: RunOptions, onEvent: @escaping @Sendable (RunEvent) -> Void) throws -> RunReport {
        MediaLibraries.prepare()
        let folder = Documents.workFolder(options.work, manifest: options.manifest)
        // First: opening encoders to prove presets takes its time.
        try WorkFolder.demandFree(folder)
        let proven = ProvenPresets(work: folder)
        let manifest = try Documents.manifest(options.manifest, proven: proven).manifest
        let titles = try chosenTitles(options, manifest)
        let run: Run
        do { run = try Run(options, manifest: manifest, titles: titles.map(\.request.id), work: folder, onEvent: onEvent) } catch {
            // A run that is going tells of itself.
            if FailureReason.code(of: error) != .locked {
                notify(RunNotice(manifest: options.manifest, error: error), manifest, options, onEvent)
            }
            throw named(error, options)
        }
        defer { run.work.releaseLock() }
        do {
            try proven.save()
            let report = run.all(titles)
            run.journal.ended(exitStatus: report.exitStatus)
            return report
        } catch {
            notify(RunNotice(manifest: options.manifest, error: error), manifest, options, onEvent)
            run.journal.ended(exitStatus: FailureReason.code(of: error).exitStatus, reason: FailureReason.line(error))
            throw named(error, options)
        }
    }

    /// An error of a stage with the exit status that the journal and the webhook have been told.
    private static func named(_ error: any Error, _ options: RunOptions) -> PipelineError {
        (error as? PipelineError) ?? PipelineError(FailureReason.code(of: error), "run '\(options.manifest)'", "", underlying: error)
    }

    /// Takes the work folder's lock, and opens all that a run needs. The journal first: it tells of a run that gets no further.
    private init(
        _ options: RunOptions, manifest: Manifest, titles: [String], work folder: String,
        onEvent: @escaping @Sendable (RunEvent) -> Void
    ) throws {
        self.options = options
        self.manifest = manifest
        self.onEvent = onEvent
        work = try WorkFolder(path: folder)
        try work.takeLock()
        let journal = try Journal(work: work.path, manifest: manifest.path, workers: options.workers ?? MachineLimits.cores)
        self.journal = journal
        journal.titles(titles)
        do {
            let ledger = try manifest.purge.map {
                try PurgeLedger($0, catalog: manifest.catalog, journal: journal, environment: options.environment)
            }
            let publication = try Publication(manifest, work: work, ledger: ledger, environment: options.environment)
            self.publication = publication
            preparation = Preparation(facts: try SourceFacts(work: work, patience: SourceFacts.patience))
            purges = ledger.map { Purges($0, isCurrent: publication.published.isCurrent, onEvent: onEvent) }
        } catch {
            journal.ended(exitStatus: FailureReason.code(of: error).exitStatus, reason: FailureReason.line(error))
            throw error
        }
    }

    private static func chosenTitles(
        _ options: RunOptions, _ manifest: Manifest
    ) throws -> [(place: Int, request: TitleRequest)] {
        let all = manifest.titles.enumerated().map { (place: $0.offset, request: $0.element) }
        guard let only = options.only else { return all }
        let chosen = all.filter { $0.request.id == only }
        guard !chosen.isEmpty else {
            throw PipelineError(.document, "run '\(only)'", "the manifest '\(options.manifest)' has no title with this id")
        }
        return chosen
    }

    // MARK: The batch

    private func all(_ titles: [(place: Int, request: TitleRequest)]) -> RunReport {
        let began = Monotonic.seconds
        let requests = titles.map(\.request)
        let outcome = Outcome()
        onEvent(.began(titles: titles.count, workers: options.workers ?? MachineLimits.cores))
        let board = ProgressBoard(journal: journal, workers: options.workers ?? MachineLimits.cores, onEvent: onEvent)
        let arrivals = arrivals(requests, outcome)
        defer {
            outcome.end()
            arrivals.wait()
        }
        purges?.addOwed()
        var workers: [Int] = []
        // One round where all sources are files of this machine.
        while let titles = arrivals.next() {
            let planned = withRoom(plan(titles, arrivals, outcome), arrivals, outcome)
            let count = options.workers ?? MachineLimits.workers(peak: planned.map(\.plan.predicted.memoryBytes).max() ?? 0)
            workers.append(count)
            board.shares(among: count)
            make(planned, workers: count, board, outcome)
        }
        // Nothing may happen any more while it is told what happened.
        outcome.end()
        arrivals.wait()
        if !StopSignal.isRaised, isLate { postpone(arrivals.left, outcome) }
        if !StopSignal.isRaised { clean() }
        let reports = outcome.all(requests.map(\.id)).map { report in
            var report = report
            report.cpuSeconds = board.cpuSeconds(of: report.title)
            report.mediaSeconds = board.mediaSeconds(of: report.title)
            return report
        }
        let report = RunReport(
            titles: reports, wasInterrupted: StopSignal.isRaised, wallSeconds: Monotonic.seconds - began,
            cpuSeconds: reports.reduce(0) { $0 + $1.cpuSeconds }, workers: workers.max() ?? 1)
        purges?.wait()
        Self.notify(RunNotice(report, manifest: options.manifest, location: publication.location), manifest, options, onEvent)
        onEvent(.ended(report))
        return report
    }

    /// Brings remote files here.
    private func arrivals(_ requests: [TitleRequest], _ outcome: Outcome) -> Arrivals {
        let shouldStop: @Sendable () -> Bool = { [self] in
            StopSignal.isRaised || isLate || outcome.isEnded || (options.failFast && outcome.hasFailures)
        }
        let files = RemoteFiles(manifest.sources, surroundings: Surroundings(environment: options.environment), isStopped: shouldStop)
        let listener = Arrivals.Listener(
            onFetched: { [self] title, address, bytes, isFirm in
                onEvent(.fetched(title: title, source: address.shown, bytes: bytes))
                guard !isFirm else { return }
                let words = "its server gives neither ETag nor Last-Modified, so that it is fetched anew in every run"
                onEvent(.warned(title: title, message: "\(address.shown): \(words)"))
            },
            onWarning: { [self] title, address, message in onEvent(.warned(title: title, message: "\(address.shown): \(message)")) },
            onFailure: { [self] title, error in fail(title, error, outcome) })
        let cache = RemoteCache(work: work, facts: preparation.facts, files: files)
        return Arrivals(requests, cache: cache, listener: listener, shouldStop: shouldStop)
    }

    private var isLate: Bool { options.deadline.map { $0 <= Date() } ?? false }

    /// Plans every title; those whose planned version is published are done with that, and need no bytes of remote files.
    /// - Parameter arrivals: gets back what needs bytes that are not here.
    private func plan(_ requests: [TitleRequest], _ arrivals: Arrivals, _ outcome: Outcome) -> [TitleWork] {
        let planned = Mutex<[Int: TitleWork]>([:])
        let known = requests.filter { arrivals.isWhole($0.id) || preparation.study($0) == nil }
        let lacking = Mutex(Set(requests.map(\.id)).subtracting(known.map(\.id)))
        let board = ProgressBoard(journal: journal, workers: options.workers ?? MachineLimits.cores, onEvent: onEvent)
        let nodes = preparation.nodes(known) { place, request, plan in
            if try publication.published.isWithdrawn(plan) {
                onEvent(.warned(title: request.id, message: Published.withdrawal(of: plan.version)))
                reconciled(try publication.reconcile(withdrawn: request, journal: journal, onEvent: onEvent), outcome)
            } else if try publication.published.holds(plan) {
                reconciled(try publication.reconcile(request, plan: plan, journal: journal, onEvent: onEvent), outcome)
            } else if try arrivals.isWhole(request.id) || TitleArtefacts(plan, in: work.artefacts).package() != nil {
                try arrivals.use(request.id)
                planned.withLock { $0[place] = TitleWork(request, plan: plan, place: place, work: work) }
            } else {
                lacking.withLock { _ = $0.insert(request.id) }
            }
        }
        run(nodes, workers: options.workers ?? MachineLimits.cores, predictedMemory: nil, board, outcome)
        arrivals.fetch(for: lacking.withLock { $0 })
        return planned.withLock { planned in planned.keys.sorted().compactMap { planned[$0] } }
    }

    /// What is left to write must have a place and room before anything is begun. A title that has none fails, the others are made.
    private func withRoom(_ planned: [TitleWork], _ arrivals: Arrivals, _ outcome: Outcome) -> [TitleWork] {
        var needs: [DiskSpace.Need] = []
        for title in planned {
            do {
                try publication.demandWritable()
                needs.append(try title.need())
            } catch { fail(title.plan.id, error, outcome) }
        }
        let lacking = DiskSpace.lacking(needs, work: work.path, store: publication.folder) {
            arrivals.useAll()
            // What lies here already of these titles is told by their plans, also of those that will have to wait for another night.
            for title in planned { _ = try? work.writePlan(PlanFile(source: title.request.source, plan: title.plan)) }
            clean(isNeeded: true)
        }
        for need in needs {
            if let error = lacking[need.title] { fail(need.title, error, outcome) }
        }
        return planned.filter { !outcome.hasFailed($0.plan.id) }
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
                        title: plan.id, place: title.place, seconds: publication.seconds(for: plan.predicted.bytes), after: last,
                        .publish {
                            let report = try publication.publish(title, journal: journal, onEvent: onEvent)
                            reconciled(report, outcome)
                        }))
            } catch { fail(plan.id, error, outcome) }
        }
        let memory = titles.map(\.plan.predicted.memoryBytes).max() ?? 0
        run(nodes, workers: workers, predictedMemory: memory, board, outcome)
    }

    /// A title is as the manifest says. Of a version that has become current, or has another address, a CDN is told.
    private func reconciled(_ report: TitleReport, _ outcome: Outcome) {
        outcome.set(report)
        guard let version = report.version, let location = report.location else { return }
        purges?.add(Purge(title: report.title, version: version, location: location))
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
            limits: TaskLimits(silence: Double(options.taskTimeout), memory: options.taskMemory ?? memory), environment: options.environment
        )
        let deadline = options.deadline
        let result = WorkerPool.run(
            nodes, settings, observer: board,
            shouldStop: { StopSignal.isRaised || (options.failFast && outcome.hasFailures) },
            fits: { node in
                guard let deadline, node.kind != nil else { return true }
                return Date(timeIntervalSinceNow: board.seconds(for: node)) <= deadline
            },
            onFailure: { title, error in fail(title, error, outcome) })
        postpone(result.postponed.sorted().filter { result.failures[$0] == nil }, outcome)
    }

    private func postpone(_ titles: [String], _ outcome: Outcome) {
        for title in titles {
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

    /// Tells the manifest's webhook how the run ended. That it does not listen changes nothing about the run.
    private static func notify(_ notice: RunNotice, _ manifest: Manifest, _ options: RunOptions, _ onEvent: (RunEvent) -> Void) {
        guard let settings = manifest.notify else { return }
        // Who stops a run waits for its end.
        let isHasty = StopSignal.isRaised
        do {
            let notifier = Notifier(settings, environment: options.environment)
            try notifier.send(try notice.json(), isHasty: isHasty, isStopped: { StopSignal.isRaised && !isHasty })
        } catch {
            onEvent(.warned(title: "", message: "nobody was notified: \(FailureReason.line(error))"))
        }
    }

    /// Once a day, or when room is needed, results that no current version uses are removed when they have lain long enough.
    private func clean(isNeeded: Bool = false) {
        let cleaner = WorkCleaner(work: work, journal: journal, days: manifest.keepWorkDays)
        guard isNeeded || cleaner.isDue else { return }
        do {
            let removed = try cleaner.clean(catalog: manifest.catalog) { try publication.published.isCurrent(title: $0, version: $1) }
            if removed.results > 0 { onEvent(.cleaned(results: removed.results, bytes: removed.bytes)) }
        } catch {
            // The titles are done; what could not be removed is tried again tomorrow.
            onEvent(.warned(title: "", message: "the work folder could not be cleaned: \(FailureReason.line(error))"))
        }
    }
}
