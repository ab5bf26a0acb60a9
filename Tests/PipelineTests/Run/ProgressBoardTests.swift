import Engine
import Foundation
import MediaModel
import Planning
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

/// What people are told of a batch while it is made.
@Suite struct ProgressBoardTests {
    private let batch: Batch
    private let plan: AssetPlan

    init() throws {
        batch = try Batch()
        try batch.film("film.mp4")
        let path = try batch.manifest([("film", "film.mp4", "Film")])
        let folder = batch.folder.file("work")
        let title = try Documents.manifest(path, proven: ProvenPresets(work: folder)).manifest.titles[0]
        plan = try Preparation(probes: Probes(work: WorkFolder(path: folder))).planned(title).plan
    }

    /// Seconds that the batch is said to need, once the memory lets so many workers run.
    private func secondsLeft(workers: Int) throws -> Double {
        let told = Mutex<Double?>(nil)
        let board = ProgressBoard(journal: nil, costs: CostEstimates(), workers: 8) { event in
            if case .batch(_, let seconds?) = event { told.withLock { $0 = seconds } }
        }
        board.shares(among: workers)
        let node = TaskNode(group: plan.id, rank: 0, seconds: 100, BatchStep(number: 0))
        board.planned(plan, nodes: [node])
        board.began(node, attempt: 1)
        return try #require(told.withLock { $0 })
    }

    /// What a task leads to makes a title's work more, for the share that is done, the time that is left and the journal.
    @Test func whatIsAddedIsWorkToo() throws {
        let work = try WorkFolder(path: batch.folder.file("work"))
        let log = try RunLog(beginning: "/m.yaml", workers: 1, in: Journal(work: work.path))
        log.groups([plan.id])
        let counts = Mutex<[Int]>([])
        let board = ProgressBoard(journal: log, costs: CostEstimates(), workers: 1) { event in
            if case .planned(_, _, _, _, let tasks) = event { counts.withLock { $0.append(tasks) } }
        }
        let seconds = max(100, plan.predicted.cpuSeconds)
        let first = TaskNode(group: plan.id, rank: 0, seconds: seconds, BatchStep(number: 0))
        board.planned(plan, nodes: [first])
        board.began(first, attempt: 1)
        board.progressed(first, share: 0.5)
        board.added([TaskNode(group: plan.id, rank: 0, seconds: seconds, BatchStep(number: 1))])
        board.ended(first, usage: TaskUsage(cpuSeconds: 1, wallSeconds: 1, peakBytes: 1))
        let title = try #require(try RunStatus(of: work)?.titles.first)
        #expect(title.tasks == 2 && title.tasksDone == 1 && abs(title.share - 0.5) < 0.01, "\(title)")
        #expect(counts.withLock { $0 } == [1, 2], "events tell how many there are now")
    }

    @Test func fewerWorkersNeedLonger() throws {
        #expect(try secondsLeft(workers: 1) == 2 * secondsLeft(workers: 2))
    }
}
