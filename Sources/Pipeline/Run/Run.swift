import Cataloging
import Engine
import Foundation
import MediaModel
import Planning
import Transcoding

/// The main job: read, prove, lock, open all that a batch needs, make it, tell how it ended.
package struct Run: Sendable {
    let options: RunOptions
    /// Workers that may be at work at a time; fewer are where the memory would not hold so many.
    let workers: Int
    let manifest: Manifest
    let work: WorkFolder
    let journal: RunLog
    let publication: Publication
    let preparation: Preparation
    let purges: Purges?
    private let warnings: RunWarnings
    let onEvent: @Sendable (RunEvent) -> Void

    /// - Parameter onEvent: called from many threads.
    /// - Throws: `DocumentErrors` for a wrong manifest or preset, `PipelineError` for a lock, a store or a catalog that cannot be had. A
    ///   title that fails, also for a disk that is too small, is in the report.
    package static func run(_ options: RunOptions, onEvent: @escaping @Sendable (RunEvent) -> Void) throws -> RunReport {
        MediaLibraries.prepare()
        let folder = Documents.workFolder(options.work, manifest: options.manifest)
        // First: opening encoders to prove presets takes its time.
        do { try WorkFolder.demandFree(folder) } catch { throw named(error, options) }
        let proven = ProvenPresets(work: folder)
        let manifest = try Documents.manifest(options.manifest, proven: proven).manifest
        let requests = try chosenTitles(options, manifest)
        let run: Run
        do { run = try Run(options, manifest: manifest, titles: requests, work: folder, onEvent: onEvent) } catch {
            // A run that is going tells of itself.
            if FailureReason.code(of: error) != .locked {
                notify(RunNotice(manifest: options.manifest, error: error), manifest, options, onEvent)
            }
            throw named(error, options)
        }
        defer { run.work.releaseLock() }
        do {
            try proven.save()
            return run.tell(try BatchRun(run, requests).carryOut())
        } catch {
            notify(RunNotice(manifest: options.manifest, error: error), manifest, options, run.onEvent)
            run.journal.ended(exitStatus: FailureReason.code(of: error).exitStatus, reason: FailureReason.line(error))
            throw named(error, options)
        }
    }

    /// An error of a stage with the exit status that the journal and the webhook have been told.
    private static func named(_ error: any Error, _ options: RunOptions) -> any Error {
        if error is DocumentErrors { return error }
        if let error = error as? EngineError { return PipelineError(error) }
        if error is PipelineError { return error }
        return PipelineError(FailureReason.code(of: error), "run '\(options.manifest)'", "", underlying: error)
    }

    /// Takes the work folder's lock, and opens all that a run needs. The journal first: it tells of a run that gets no further.
    private init(
        _ options: RunOptions, manifest: Manifest, titles: [TitleRequest], work folder: String,
        onEvent: @escaping @Sendable (RunEvent) -> Void
    ) throws {
        self.options = options
        workers = options.workers ?? MachineLimits.cores
        self.manifest = manifest
        work = try WorkFolder(path: folder)
        try work.takeLock()
        let file = try Journal(work: work.path)
        let journal = try RunLog(beginning: manifest.path, workers: workers, in: file)
        self.journal = journal
        journal.groups(titles.map(\.id))
        let warnings = RunWarnings(journal: journal)
        self.warnings = warnings
        let onEvent: @Sendable (RunEvent) -> Void = { event in if warnings.take(event) { onEvent(event) } }
        self.onEvent = onEvent
        if file.replacesDamaged {
            onEvent(
                .warned(title: "", message: "the journal in the work folder was damaged, and is begun anew: what earlier runs did is lost"))
        }
        do {
            let ledger = try manifest.purge.map {
                try PurgeLedger(
                    $0, outbox: PurgeOutbox(file, catalog: manifest.catalog), environment: options.environment)
            }
            let publication = try Publication(
                manifest, work: work, ledger: ledger, environment: options.environment, repairs: options.repairs)
            try publication.claim(titles)
            self.publication = publication
            preparation = Preparation(probes: try Probes(work: work, patience: FileStamps.patience))
            purges = ledger.map { Purges($0, isCurrent: publication.published.isNews, onEvent: onEvent) }
        } catch {
            journal.ended(exitStatus: FailureReason.code(of: error).exitStatus, reason: FailureReason.line(error))
            throw error
        }
    }

    private static func chosenTitles(_ options: RunOptions, _ manifest: Manifest) throws -> [TitleRequest] {
        guard let only = options.only else { return manifest.titles }
        let chosen = manifest.titles.filter { $0.id == only }
        guard !chosen.isEmpty else {
            throw PipelineError.unknownTitle(only, known: manifest.titles.map(\.id), manifest: options.manifest)
        }
        return chosen
    }

    // MARK: Afterwards

    /// - Returns: the report with all that was warned of.
    private func tell(_ report: RunReport) -> RunReport {
        purges?.wait()
        Self.notify(RunNotice(report, manifest: options.manifest, location: publication.location), manifest, options, onEvent)
        var report = report
        report.warnings = warnings.count
        onEvent(.ended(report))
        journal.ended(exitStatus: report.exitStatus)
        return report
    }

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
}
