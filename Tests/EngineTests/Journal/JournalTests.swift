import Foundation
import TestSupport
import Testing

@testable import Engine

/// What others read of a run, while it goes on and afterwards.
@Suite struct JournalTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var journal: Journal { get throws { try Journal(work: folder.path) } }
    private func log() throws -> RunLog { try RunLog(beginning: "/m.yaml", workers: 2, in: journal) }
    private var last: RunRecord? { get throws { try RunHistory.last(in: folder.path, beside: ["probe"]) } }

    private let step = Step(number: 2)
    private var node: TaskNode { TaskNode("film", 0, seconds: 10, step) }

    @Test func aTaskThatEndsLateHidesNoFailure() throws {
        let log = try log()
        log.groups(["film", "other"])
        log.planned("film", version: "1", tasks: 2, share: 0)
        log.isRunning("film", share: 0.5)
        log.group("film", is: "failed", reason: "it is broken")
        log.isRunning("film", share: 0.7)
        let groups = try #require(try last?.groups)
        #expect(groups.map(\.state) == ["failed", "waiting"])
        #expect(groups[0].reason == "it is broken" && groups[0].share == 0.5)
    }

    @Test func whatAKilledRunLeftRunningIsDropped() throws {
        let first = try log()
        first.groups(["film"])
        first.began(step, of: node, version: "1", attempt: 1)
        #expect(try last?.groups.first?.running == ["take step 2"])
        let second = try log()
        second.groups(["film"])
        #expect(try last?.groups.first?.running == [])
        second.began(step, of: node, version: "1", attempt: 1)
        second.ended(step, of: "film", as: .done, usage: TaskUsage(cpuSeconds: 8, wallSeconds: 12, peakBytes: 1 << 30))
        let costs = CostStatistics(try journal)
        #expect(costs.cpuSeconds(group: "film", version: "1") == 8)
        #expect(costs.calibration() == ["step": 1.2])
        second.ended(exitStatus: 0)
        let run = try #require(try last)
        #expect(run.exitStatus == 0 && run.endedAt != nil && run.groups[0].tasksDone == 1 && run.groups[0].peakBytes == 1 << 30)
        #expect(try RunHistory.last(in: folder.path, beside: ["step"])?.groups[0].tasksDone == 0)
    }

    @Test func tasksThatAreAddedCount() throws {
        let log = try log()
        log.groups(["film"])
        log.planned("film", version: "1", tasks: 2, share: 0)
        log.added("film", tasks: 3)
        #expect(try last?.groups[0].tasks == 5)
    }

    @Test func whoIsNoRunHidesNothingOfTheLast() throws {
        let night = try log()
        night.groups(["film"])
        night.group("film", is: "failed", reason: "it is broken")
        night.keep(note: "it was cold")
        night.ended(exitStatus: 1)
        ResultUsage(try journal).cleaned()
        let run = try #require(try last)
        #expect(run.exitStatus == 1 && run.groups.map(\.reason) == ["it is broken"] && run.note == "it was cold")
    }

    @Test func aJournalOfAnotherFormatIsBegunAnew() throws {
        try Program.demand(
            "python3",
            ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version = 99')", Journal.file(in: folder.path)])
        #expect(try last == nil)
        try log().groups(["film"])
        #expect(try last?.groups.map(\.name) == ["film"])
    }

    @Test func aJournalOfAnotherFormatIsNoVisitors() throws {
        try Program.demand(
            "python3",
            ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version = 99')", Journal.file(in: folder.path)])
        let error = #expect(throws: EngineError.self) { try Journal(visiting: folder.path) }
        #expect(error?.code == .unreachable && error?.description.contains("another version of this program") == true)
    }

    /// A result counts as used when it was written or when it was of use, whichever is later; without the journal, when it was written.
    @Test func whatWasOfUseIsYoung() throws {
        let store = try FolderArtefactStore(root: folder.file("artefacts"))
        let tools = try TaskKey.Tools(format: 1, [String]())
        let keys = try ["one", "two"].map { try TaskKey("test", of: [$0], tools: tools) }
        for key in keys {
            try store.commit(try store.begin(), as: key, record: "record")
            for path in [store.folder(key), store.folder(key) + "/record.json"] {
                try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1000)], ofItemAtPath: path)
            }
        }
        let usage = ResultUsage(try journal)
        usage.used([keys[0]], at: Date(timeIntervalSince1970: 5000))
        func times(_ usage: ResultUsage) throws -> [Double] {
            let all = try usage.all(of: store)
            return keys.compactMap { key in all.first { $0.key == key }?.used.timeIntervalSince1970 }
        }
        #expect(try times(usage) == [5000, 1000])
        usage.cleaned(gone: [keys[0]])
        #expect(try times(usage) == [1000, 1000])
        #expect(usage.cleanedAt > 5000)
    }

    @Test func purgesOfAnOlderJournalAreNotLost() throws {
        let catalog = "sqlite:./my catalog.sqlite"
        let purge = Purge(title: "film", version: "0123456789abcdef", location: "https://cdn/film/0123456789abcdef")
        try log().groups(["film"])
        let words = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            db.execute("DROP TABLE purges")
            db.execute("INSERT INTO facts VALUES (?, ?)", sys.argv[2:])
            db.commit()
            """
        let value = #"{"location":"https:\/\/cdn\/film\/0123456789abcdef","title":"film","version":"0123456789abcdef"}"#
        let name = "purge \(catalog) film 0123456789abcdef"
        try Program.demand("python3", ["-c", words, Journal.file(in: folder.path), name, value])
        let outbox = PurgeOutbox(try Journal(visiting: folder.path), catalog: catalog)
        #expect(outbox.pending == [purge])
        #expect(try last?.groups.map(\.name) == ["film"], "its history too")
        outbox.remove(purge)
        #expect(try PurgeOutbox(Journal(visiting: folder.path), catalog: catalog).pending.isEmpty, "it is moved, not copied")
    }

    @Test func warningsAreTheLastRuns() throws {
        let first = try log()
        first.warned("film", "it is dark")
        first.warned("", "nobody listens")
        #expect(try last?.warnings.map(\.group) == ["film", nil])
        #expect(try last?.warnings.map(\.message) == ["it is dark", "nobody listens"])
        _ = try log()
        #expect(try last?.warnings.isEmpty == true)
    }

    @Test(arguments: ["no database at all, and longer than the head of one: " + String(repeating: "x", count: 200), "SQLite format 3\0"])
    func aDamagedJournalIsBegunAnew(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: Journal.file(in: folder.path)))
        #expect(try journal.replacesDamaged)
        #expect(try !journal.replacesDamaged)
    }
}
