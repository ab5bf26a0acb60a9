import Engine
import Foundation
import MediaModel
import Planning
import Testing

@testable import Pipeline

/// Every kind of task, field by field: whatever its inputs say is in its key, and where it stands in the plan is not.
@Suite struct TaskInputsTests {
    /// Something stands in every optional field, so that nothing is left out of what is compared.
    private static func whole(_ plan: AssetPlan) -> AssetPlan {
        var plan = plan
        plan.source.chosenProgram = 2
        plan.source.video?.start = Rational(1, 7)
        plan.picture?.stored = StoredShape(width: 320, height: 180, sampleAspectRatio: Rational(16, 15), isAspectFixed: true)
        for rung in plan.rungs.indices {
            plan.rungs[rung].rung.maxFrameRate = Rational(30)
            plan.rungs[rung].rung.profile = "high"
            plan.rungs[rung].rung.level = "4.1"
            plan.rungs[rung].rung.options = ["tune": "film"]
        }
        for audio in plan.audio.indices { plan.audio[audio].mixdownGain = Rational(3, 2) }
        for text in plan.text.indices { plan.text[text].encoding = .latin1 }
        plan.warnings = ["one"]
        return plan
    }

    @Test func everyFieldOfEveryKindOfTaskIsInItsKey() throws {
        let made = try MadeTitle()
        let graph = TitleGraph(Self.whole(made.plan), in: made.work.artefacts)
        // Second passes are known when first ones are done.
        for measure in try graph.tasks(MeasureTask.self) {
            try made.work.artefacts.commit(try made.work.artefacts.begin(), as: measure.key, record: MeasureTask.Record(codedBytes: 20_000))
        }
        func check<Task: TitleTask>(_ kind: Task.Type) throws {
            let task = try #require(try graph.tasks(kind).first?.task, "\(kind)")
            try Self.check(task)
        }
        for kind in graph.kinds { try check(kind) }
    }

    private static func check<Task: TitleTask>(_ task: Task) throws {
        demandWhole(task.inputs, "\(Task.kind)")
        let key = try task.key()
        let tree = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(task.inputs))
        var count = 0
        for path in leaves(tree, []) {
            let other = try #require(try changed(task.inputs, tree, at: path), "\(Task.kind): \(path) cannot be changed")
            var task = task
            task.inputs = other
            #expect(try task.key() != key, "\(Task.kind): \(path)")
            count += 1
        }
        #expect(count >= Mirror(reflecting: task.inputs).children.count, "\(Task.kind)")
        #expect(try TaskKey(Task.kind, of: task.inputs, libraries: []) != key || Task.libraries.isEmpty)
    }

    /// No field is nil, or empty, and so would be left out.
    private static func demandWhole(_ value: Any, _ path: String) {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional || mirror.displayStyle == .collection || mirror.displayStyle == .dictionary {
            #expect(!mirror.children.isEmpty, "\(path) is empty")
        }
        for child in mirror.children { demandWhole(child.value, "\(path).\(child.label ?? "")") }
    }

    /// Paths to all numbers, words and truth values.
    private static func leaves(_ tree: Any, _ path: [String]) -> [[String]] {
        switch tree {
        case let fields as [String: Any]: fields.sorted { $0.key < $1.key }.flatMap { leaves($0.value, path + [$0.key]) }
        case let items as [Any]: items.enumerated().flatMap { leaves($0.element, path + ["\($0.offset)"]) }
        default: [path]
        }
    }

    /// The inputs with another value at one place; nil: no other value is one.
    private static func changed<Inputs: Codable & Equatable>(_ inputs: Inputs, _ tree: Any, at path: [String]) throws -> Inputs? {
        let words: [Any] = ["other", "7/3", "hevc", "opus", "utf-16le", "ffff"]
        for other in words + [123_456, true, false] {
            let data = try JSONSerialization.data(withJSONObject: replacing(tree, path[...], by: other), options: .fragmentsAllowed)
            if let found = try? JSONDecoder().decode(Inputs.self, from: data), found != inputs { return found }
        }
        return nil
    }

    private static func replacing(_ tree: Any, _ path: ArraySlice<String>, by other: Any) -> Any {
        guard let first = path.first else { return other }
        if var fields = tree as? [String: Any] {
            fields[first] = replacing(fields[first] ?? other, path.dropFirst(), by: other)
            return fields
        }
        guard var items = tree as? [Any], let place = Int(first) else { return other }
        items[place] = replacing(items[place], path.dropFirst(), by: other)
        return items
    }

    @Test func whereATaskStandsIsNotInItsKey() throws {
        let made = try MadeTitle()
        let graph = TitleGraph(made.plan, in: made.work.artefacts)
        var audio = try #require(try graph.tasks(AudioTask.self).first)
        audio.task.number += 1
        #expect(try audio.task.key() == audio.key)
        var encode = try #require(try graph.tasks(EncodeTask.self).first)
        encode.task.chunk += 1
        encode.task.rung += 1
        #expect(try encode.task.key() == encode.key)
        var plan = made.plan
        plan.rungs[0].rung.name = "other"
        plan.labels = [:]
        #expect(try TitleGraph(plan, in: made.work.artefacts).keys().map(\.description) == graph.keys().map(\.description))
    }

    /// A field that somebody adds to a rung, and forgets here, is found.
    @Test func ofARungAllButNameAndLengthIsAnInput() throws {
        let made = try MadeTitle()
        func count(_ value: Any) -> Int { Mirror(reflecting: value).children.count }
        let rung = made.plan.rungs[0]
        #expect(count(RungInputs(rung)) == count(rung) - 2 + count(rung.rung) - 1)
        #expect(count(SegmentGrid(made.plan.grid)) == count(made.plan.grid) - 1)
    }
}
