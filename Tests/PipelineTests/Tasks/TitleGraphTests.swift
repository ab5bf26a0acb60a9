import Engine
import Foundation
import MediaModel
import Planning
import TestSupport
import Testing

@testable import Pipeline

/// A kind of task that only this test knows: one type, and its place in the list of kinds.
private struct FirstBytesTask: TitleTask {
    static let kind = "first-bytes"
    static let stage = TitleStage.encoding

    struct Inputs: Codable, Hashable, Sendable {
        var source: ContentHash
        var count: Int
    }

    struct Record: Codable, Sendable {
        var bytes: Int
    }

    var inputs: Inputs

    var label: String { "keep the first bytes" }

    static func all(of title: TitleGraph) -> [FirstBytesTask] {
        [FirstBytesTask(inputs: Inputs(source: ContentHash(title.plan.source.fingerprint), count: 8))]
    }

    func seconds(_ costs: TaskCosts) -> Double { 7 }

    func make(into folder: String, _ title: OpenTitle) throws -> Record {
        try title.reading([inputs.source]) { files in
            let bytes = try Data(contentsOf: URL(fileURLWithPath: files[0].path)).prefix(inputs.count)
            try bytes.write(to: URL(fileURLWithPath: "\(folder)/first"))
            return Record(bytes: bytes.count)
        }
    }
}

/// One place knows all tasks of a title.
@Suite struct TitleGraphTests {
    private let made: MadeTitle
    private let kinds: [any TitleTask.Type] = [FirstBytesTask.self] + TitleGraph.kinds

    init() throws { made = try MadeTitle() }

    private func perform(_ task: any EngineTask, _ performer: TaskPerformer) throws {
        // As it comes to a worker.
        try performer.perform(try TitleGraph.orders(kinds).task(try TaskKinds.json(task))) { _ in }
    }

    @Test func aKindIsAddedByOneTypeAndOneLine() throws {
        let title = try made.title(kinds)
        let without = try made.title().graph.progress()
        #expect(try title.graph.progress().all == without.all + 1)
        let name = try made.work.writePlan(title.file)
        // Scheduled, before the package.
        let nodes = try title.nodes(file: name, firstPasses: title.firstPasses(), secondPasses: title.secondPasses())
        let place = try #require(nodes.firstIndex { $0.task is Make<FirstBytesTask> })
        #expect(nodes[place].seconds == 7 && nodes[place].site == .worker)
        #expect(nodes.last?.dependencies.contains(nodes[place].id) == true && nodes.last?.task is Make<PackageTask>)
        // Keyed, and done.
        let known = try #require(try title.graph.tasks(FirstBytesTask.self).first)
        #expect(try title.graph.keys().contains(known.key) && !made.title().graph.keys().contains(known.key))
        let performer = try TaskPerformer(work: made.work, kinds: kinds)
        try perform(try #require(nodes[place].task), performer)
        #expect(title.graph.record(of: known)?.bytes == 8)
        #expect(try title.graph.progress().done == without.done + 1)
        #expect(try title.nodes(file: name, firstPasses: [], secondPasses: []).count { $0.task is Make<FirstBytesTask> } == 0)
        // Mended.
        let folder = try title.graph.store.folder(known.key)
        try Data([1]).write(to: URL(fileURLWithPath: "\(folder)/first"))
        #expect(try title.graph.dropDamaged() == 1 && title.graph.progress().done == without.done)
        try perform(try #require(nodes[place].task), performer)
        // Kept as long as its title is to be made, and cleaned away afterwards.
        var cleaner = WorkCleaner(work: made.work, usage: ResultUsage(try Journal(work: made.work.path)), days: 0)
        cleaner.kinds = kinds
        let later = Date(timeIntervalSinceNow: 60)
        #expect(try cleaner.clean(now: later, isStopped: { false }).results == 0 && title.graph.record(of: known) != nil)
        made.work.removePlan(made.plan)
        #expect(try cleaner.clean(now: later, isStopped: { false }).results > 0 && title.graph.record(of: known) == nil)
    }

    /// From the first decode to the package, as workers do it.
    @Test func aTitleIsMadeOfItsTasks() throws {
        let title = try made.title()
        let name = try made.work.writePlan(title.file)
        let performer = try TaskPerformer(work: made.work)
        let nodes = try title.nodes(file: name, firstPasses: title.firstPasses(), secondPasses: title.secondPasses())
        for task in nodes.compactMap(\.task) { try perform(task, performer) }
        let (done, all) = try title.graph.progress()
        #expect(done == all && all == 1, "the package stands for all of it")
        let package = try #require(try title.graph.package()).record.package
        #expect(package.renditions.map(\.name) == ["180p", "90p"] && package.audio.count == 2 && package.text.count == 1)
        #expect(package.renditions[1].pieces?.allSatisfy { $0.measure != nil } == true)
        // What is known of its files is part of it too, and whatever lies in the store has a task.
        let keys = Set(try title.graph.keys())
        #expect(Set(try made.work.artefacts.all().map(\.key)) == keys)
        let files = try made.batch.folder.listing().filter { $0.hasPrefix("work/artefacts/") }
        for file in files {
            let text = String(decoding: try made.batch.folder.bytes(of: file), as: UTF8.self)
            #expect(!text.contains(made.batch.folder.path), "\(file)")
        }
    }
}
