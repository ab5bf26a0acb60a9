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
        plan = try Preparation(facts: SourceFacts(work: WorkFolder(path: folder))).planned(title).plan
    }

    /// Seconds that the batch is said to need, once the memory lets so many workers run.
    private func secondsLeft(workers: Int) throws -> Double {
        let told = Mutex<Double?>(nil)
        let board = ProgressBoard(journal: nil, workers: 8) { event in
            if case .batch(_, let seconds?) = event { told.withLock { $0 = seconds } }
        }
        board.shares(among: workers)
        let node = TaskNode(title: plan.id, place: 0, seconds: 100, .order(.sound(plan: "film", number: 0)))
        board.planned(plan, nodes: [node])
        board.began(node, attempt: 1)
        return try #require(told.withLock { $0 })
    }

    @Test func fewerWorkersNeedLonger() throws {
        #expect(try secondsLeft(workers: 1) == 2 * secondsLeft(workers: 2))
    }
}
