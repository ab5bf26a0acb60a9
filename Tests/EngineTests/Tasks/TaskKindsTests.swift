import Foundation
import Testing

@testable import Engine

/// Tasks travel as values between processes.
@Suite struct TaskKindsTests {
    private struct Count: EngineTask {
        static let kind = "count"
        var from: Int
        var label: String { "count from \(from)" }
        var site: TaskSite { .worker }
    }

    private struct Spell: EngineTask {
        static let kind = "spell"
        var word: String
        var label: String { "spell '\(word)'" }
        var site: TaskSite { .process }
    }

    @Test func aTaskComesBackAsWhatItWas() throws {
        let kinds = TaskKinds([Count.self, Spell.self])
        #expect(try kinds.task(try TaskKinds.json(Count(from: 3))) as? Count == Count(from: 3))
        #expect(try kinds.task(try TaskKinds.json(Spell(word: "a\nb"))) as? Spell == Spell(word: "a\nb"))
        #expect(try !TaskKinds.json(Spell(word: "a\nb")).contains(0x0A), "it is one line of a pipe")
    }

    @Test func anUnknownKindIsNamed() throws {
        let error = #expect(throws: EngineError.self) { try TaskKinds([Count.self]).task(try TaskKinds.json(Spell(word: "a"))) }
        #expect(error?.description == "cannot read a task: its kind 'spell' is not known to this program")
    }
}
