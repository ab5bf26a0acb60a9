import Engine
import Foundation
import MediaModel
import Planning
import Synchronization

/// A run's batch, top to bottom: plan what has come, see that it has room, make, package and publish it, until nothing more comes.
struct BatchRun: Sendable {
    private let options: RunOptions
    private let workers: Int
    private let manifest: Manifest
    private let work: WorkFolder
    private let journal: RunLog
    private let publication: Publication
    private let preparation: Preparation
    private let purges: Purges?
    private let onEvent: @Sendable (RunEvent) -> Void
    private let requests: [TitleRequest]
    private let outcome: Outcome
    private let arrivals: Arrivals
    private let names: InputNames
    private let refreshes: Refreshes
    private let remakes: Remakes
    private let costs: CostEstimates
    /// Of the work that makes titles.
    private let board: ProgressBoard
    private let room: WorkRoom
    /// Of the reading before it, which counts for no title's CPU seconds.
    private let reading: ProgressBoard

    /// Tells that the batch begins; from now on remote files come.
    init(_ run: Run, _ requests: [TitleRequest]) {
        options = run.options
        workers = run.workers
        manifest = run.manifest
        work = run.work
        journal = run.journal
        publication = run.publication
        preparation = run.preparation
        purges = run.purges
        onEvent = run.onEvent
        self.requests = requests
        names = InputNames(manifest: manifest.path)
        remakes = Remakes(limit: manifest.maxRemakes)
        refreshes = Refreshes(manifest.refresh.union(options.refresh), budget: options.refreshBudget, remakes: remakes)
        onEvent(.began(titles: requests.count, workers: workers))
        let costs = CostEstimates(CostStatistics(journal.journal).calibration())
        self.costs = costs
        board = ProgressBoard(journal: journal, costs: costs, workers: workers, onEvent: onEvent)
        reading = ProgressBoard(journal: journal, costs: costs, workers: workers, onEvent: onEvent)
        outcome = Outcome(journal: journal, purges: purges, onEvent: onEvent)
        arrivals = Arrivals(of: requests, in: run, outcome)
        let cleaner = WorkCleaner(work: work, usage: ResultUsage(journal.journal), days: manifest.keepWorkDays, size: manifest.workSize)
        room = WorkRoom(cleaner, onEvent: onEvent)
    }

    /// - Throws: what no title is to blame for; nothing of the run goes on then.
    func carryOut() throws -> RunReport {
        do { return try makeAll() } catch {
            outcome.end()
            arrivals.wait()
            throw error
        }
    }

    private func makeAll() throws -> RunReport {
        let began = Monotonic.seconds
        purges?.addOwed()
        var most = 1
        // One round where all sources are files of this machine.
        while let titles = arrivals.next() {
            most = max(most, makeRound(try plan(titles)))
        }
        tellOfDamagedProbes()
        if !StopSignal.isRaised { most = max(most, try refresh()) }
        tellOutdated()
        // Nothing may happen any more while it is told what happened.
        outcome.end()
        arrivals.wait()
        for request in requests where outcome.isPublished(request.id) { rememberRemoteFiles(of: request.id) }
        if !StopSignal.isRaised, options.isLate {
            // A title whose refresh had no turn under a budget is published as it was.
            outcome.postpone(arrivals.left.filter { refreshes.budget == nil || !outcome.isPublished($0) })
        }
        if !StopSignal.isRaised { clean() }
        return report(wallSeconds: Monotonic.seconds - began, workers: most)
    }

    /// Lets the catalog know what a published title's files on other machines are, so that a new work folder need not fetch them.
    private func rememberRemoteFiles(of title: String) {
        let files = arrivals.memory(of: title)
        guard !files.isEmpty else { return }
        // It saves a fetch; the title is published all the same.
        do { try publication.remember(files, of: title) } catch {
            onEvent(.warned(title: title, message: "the catalog could not note what its remote files are: \(FailureReason.line(error))"))
        }
    }

    private func tellOfDamagedProbes() {
        let count = preparation.probes.damagedCount
        guard count > 0 else { return }
        onEvent(
            .warned(
                title: "",
                message: "what was known of sources in the work folder was damaged (\(count) files); the sources were read again"))
    }

    private func report(wallSeconds: Double, workers: Int) -> RunReport {
        let titles = outcome.all(requests.map(\.id)).map { report in
            var report = report
            report.cpuSeconds = board.cpuSeconds(of: report.title)
            report.mediaSeconds = board.mediaSeconds(of: report.title)
            return report
        }
        return RunReport(
            titles: titles, wasInterrupted: StopSignal.isRaised, wallSeconds: wallSeconds,
            cpuSeconds: titles.reduce(0) { $0 + $1.cpuSeconds }, workers: workers)
    }

    /// Says how many titles are not what this program would make.
    private func tellOutdated() {
        guard let summary = refreshes.summary(isDone: outcome.wasRefreshed) else { return }
        onEvent(.noted(title: "", message: summary))
        journal.keep(note: summary)
    }

    // MARK: A round

    /// Plans every title, says what is made anew, and sends back to the arrivals what needs bytes that are not here.
    /// - Throws: `document` where more would be made anew than the manifest allows.
    private func plan(_ requests: [TitleRequest], isRefresh: Bool = false, budgetEnd: Date? = nil) throws -> [TitleWork] {
        let round = try RoundPlan(
            requests,
            RoundPlan.Context(
                work: work, journal: journal, publication: publication, preparation: preparation, arrivals: arrivals, outcome: outcome,
                names: names, refreshes: refreshes, remakes: remakes, onEvent: onEvent), isRefresh: isRefresh)
        let (nodes, performer) = try round.tasks()
        run(nodes, performer, workers: workers, predictedMemory: nil, reading, budgetEnd: budgetEnd)
        try round.keepNotes()
        try remakes.demandFew(options.manifest) { titles, message in onEvent(.remakes(titles: titles, message: message)) }
        arrivals.fetch(for: round.lacking)
        return round.works
    }

    /// Makes outdated titles anew, the oldest first, when all that is due is done. Under a budget a few at a time: what it does not reach
    /// stays as it is, and has its turn in another run.
    private func refresh() throws -> Int {
        var wanted = refreshes.wanted.filter { !outcome.hasFailed($0.id) }[...]
        guard !wanted.isEmpty, !isOver(options.deadline) else {
            if refreshes.budget == nil, isOver(options.deadline) { outcome.postpone(wanted.map(\.id)) }
            return 1
        }
        let end = refreshes.budget.map { Date(timeIntervalSinceNow: $0) }
        let words = Remakes.words(Dictionary(wanted.map { ($0.id, $0.reason) }, uniquingKeysWith: { first, _ in first }))
        onEvent(.remakes(titles: wanted.count, message: "\(Remakes.count(wanted.count)) to refresh: \(words)"))
        var most = 1
        while !wanted.isEmpty, !StopSignal.isRaised, !isOver(end), !isOver(options.deadline) {
            let ids = wanted.prefix(end == nil ? wanted.count : 2 * workers).map(\.id)
            wanted = wanted.dropFirst(ids.count)
            arrivals.fetch(for: Set(ids))
            while !isOver(end), let titles = arrivals.next(until: end) {
                let places = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
                let ordered = titles.sorted { (places[$0.id] ?? 0) < (places[$1.id] ?? 0) }
                most = max(most, makeRound(try plan(ordered, isRefresh: true, budgetEnd: end), budgetEnd: end))
            }
        }
        if refreshes.budget == nil, isOver(options.deadline) { outcome.postpone(wanted.map(\.id)) }
        return most
    }

    private func isOver(_ date: Date?) -> Bool { date.map { $0 <= Date() } ?? false }

    /// - Parameter budgetEnd: when no task of a refresh may go on any more.
    /// - Returns: how many workers were at work.
    private func makeRound(_ titles: [TitleWork], budgetEnd: Date? = nil) -> Int {
        let planned = withRoom(titles)
        let count = options.workers ?? MachineLimits.workers(peak: planned.map(\.plan.predicted.memoryBytes).max() ?? 0)
        board.shares(among: count)
        make(planned, workers: count, budgetEnd: budgetEnd)
        return count
    }

    /// What is left to write must have a place and room before anything is begun. A title that has none fails, the others are made.
    private func withRoom(_ planned: [TitleWork]) -> [TitleWork] {
        var needs: [DiskSpace.Need] = []
        for title in planned {
            do {
                try publication.demandWritable(title.plan.id)
                needs.append(try title.need(isLinked: publication.folder != nil))
            } catch { outcome.fail(title.plan.id, error) }
        }
        let lacking = DiskSpace.lacking(needs, work: work.path, store: publication.folder) {
            arrivals.useAll()
            // What lies here already of these titles is told by their plans, also of those that will have to wait for another night.
            for title in planned { _ = try? work.writePlan(title.file) }
            clean(isNeeded: true)
            room.make(for: needs.reduce(0) { $0 + $1.work })
        }
        for need in needs {
            if let error = lacking[need.title] { outcome.fail(need.title, error) }
        }
        return planned.filter { !outcome.hasFailed($0.plan.id) }
    }

    /// Makes all titles; what turns out to be damaged in the work folder is made again, once.
    private func make(_ titles: [TitleWork], workers: Int, budgetEnd: Date?) {
        let mending = Mending(titles, onEvent: onEvent)
        makeOnce(titles, workers: workers, mending, budgetEnd: budgetEnd)
        let again = titles.filter { mending.isMended($0.plan.id) }
        if !again.isEmpty { makeOnce(again, workers: workers, nil, budgetEnd: budgetEnd) }
    }

    /// Carries out all titles' tasks as one batch, so that no core waits for the last chunk of a title.
    /// - Parameter mending: asked before a title fails; nil: it does.
    private func makeOnce(_ titles: [TitleWork], workers: Int, _ mending: Mending?, budgetEnd: Date?) {
        for title in titles { mending?.dropUnreadable(title) }
        let firstPasses = passes(titles, workers: workers) { try $0.firstPasses() }
        let secondPasses = passes(titles, workers: workers) { try $0.secondPasses() }
        var nodes: [TaskNode] = []
        for title in titles where !outcome.hasFailed(title.plan.id) {
            do {
                let file = try work.writePlan(title.file)
                let own = try title.nodes(
                    file: file, firstPasses: firstPasses[title.place] ?? [], secondPasses: secondPasses[title.place] ?? [])
                tell(title.plan, nodes: own)
                // A finished title is published at once: what is done shall not wait for the batch.
                nodes += own
                nodes.append(publishing(title, after: own.last.map { [$0.id] } ?? []))
            } catch { outcome.fail(title.plan.id, error) }
        }
        run(
            nodes, TitlePerformer(titles, publish: publish), workers: workers,
            predictedMemory: titles.map(\.plan.predicted.memoryBytes).max() ?? 0, board, mending,
            budgetEnd: budgetEnd)
    }

    private func tell(_ plan: AssetPlan, nodes: [TaskNode]) {
        board.planned(plan, nodes: nodes)
        for warning in plan.warnings { onEvent(.warned(title: plan.id, message: warning)) }
    }

    private func publishing(_ title: TitleWork, after dependencies: [TaskNode.ID]) -> TaskNode {
        TaskNode(
            group: title.plan.id, rank: title.place, seconds: publication.seconds(for: title.plan.predicted.bytes), after: dependencies,
            PublishTask(title: title.plan.id))
    }

    @Sendable private func publish(_ title: TitleWork) throws {
        outcome.set(try publication.publish(title, journal: journal, onEvent: onEvent))
        rememberRemoteFiles(of: title.plan.id)
        work.removePlan(title.plan)
        room.grew(by: title.plan.predicted.bytes)
    }

    /// The batch's passes by their title's place, split so that all workers end together.
    private func passes(
        _ titles: [TitleWork], workers: Int, _ body: (TitleWork) throws -> [PicturePass]
    ) -> [Int: [PicturePass]] {
        var all: [PicturePass] = []
        for title in titles {
            do { all += try body(title) } catch { outcome.fail(title.plan.id, error) }
        }
        return Dictionary(grouping: PassGrouping.split(all, workers: workers), by: \.title)
    }

    /// - Parameters:
    ///   - performer: of the tasks of this process.
    ///   - predictedMemory: of the hungriest task; nil while nobody knows: then the machine's is the limit.
    private func run(
        _ nodes: [TaskNode], _ performer: any TaskPerforming & Sendable, workers: Int, predictedMemory: Int64?, _ board: ProgressBoard,
        _ mending: Mending? = nil,
        budgetEnd: Date? = nil
    ) {
        let memory = predictedMemory.map { 3 * $0 + (1 << 30) } ?? MachineLimits.memory ?? 8 << 30
        let runner = TaskRunner(
            program: options.program, work: work.path, workers: workers, nice: options.nice,
            limits: TaskLimits(silence: Double(options.taskTimeout), memory: options.taskMemory ?? memory),
            environment: options.environment)
        let deadline = [options.deadline, budgetEnd].compactMap(\.self).min()
        let result = Scheduler.run(
            nodes, Scheduler.Settings(executors: runner.executors(performer), deadline: deadline, costs: costs), observer: board,
            shouldStop: { StopSignal.isRaised || (options.failFast && outcome.hasFailures) },
            onFailure: { node, error in if mending?.takesCare(of: error, from: node) != true { outcome.fail(node.group, error) } })
        let postponed = result.postponed.sorted().filter { result.failures[$0] == nil }
        // What a budget does not reach is published as it was.
        budgetEnd == nil ? outcome.postpone(postponed) : outcome.leave(postponed)
    }

    /// Once a day, or when room is needed, what has lain long enough goes; and at the end of each run what is too much.
    private func clean(isNeeded: Bool = false) {
        // What is known of sources is of use in every run.
        ResultUsage(journal.journal).used(preparation.probes.usedKeys)
        room.clean(isNeeded: isNeeded)
        if !isNeeded { room.shrink() }
        // A worker of a killed run may have ended only now.
        try? work.removeLeftovers()
    }
}
