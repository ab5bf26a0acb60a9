import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// What `reelmill status` reads.
@Suite struct JournalTests {
    private let folder: TemporaryFolder
    private let work: WorkFolder

    init() throws {
        folder = try TemporaryFolder()
        work = try WorkFolder(path: folder.file("work"))
    }

    private func journal() throws -> Journal { try Journal(work: work.path, manifest: "/m.yaml", workers: 2) }

    private var node: TaskNode {
        TaskNode(title: "film", place: 0, seconds: 10, .order(.encode(plan: "film-1", chunk: 2, rungs: [0, 3])))
    }

    @Test func aTaskThatEndsLateHidesNoFailure() throws {
        let journal = try journal()
        journal.titles(["film", "other"])
        journal.planned("film", version: "1", tasks: 2, share: 0)
        journal.isRunning("film", share: 0.5)
        journal.title("film", is: .failed, reason: "it is broken")
        journal.isRunning("film", share: 0.7)
        let status = try #require(try JournalReader.status(of: work))
        #expect(status.titles.map(\.state) == ["failed", "interrupted"], "no run holds the folder")
        #expect(status.titles[0].reason == "it is broken" && status.titles[0].share == 0.5)
    }

    @Test func whatAKilledRunLeftRunningIsDropped() throws {
        let first = try journal()
        first.titles(["film"])
        first.began(node, version: "1", attempt: 1)
        let second = try journal()
        second.titles(["film"])
        try work.takeLock()
        #expect(try JournalReader.status(of: work)?.titles.first?.running == [])
        second.began(node, version: "1", attempt: 1)
        #expect(try JournalReader.status(of: work)?.titles.first?.running == ["encode chunk 3, rungs 1 4"])
        second.ended(node, as: .done, usage: TaskUsage(cpuSeconds: 8, wallSeconds: 12, peakBytes: 1 << 30))
        #expect(second.cpuSeconds(title: "film", version: "1") == 8)
        #expect(second.calibration() == [.encode: 1.2])
        second.ended(exitStatus: 0)
        let status = try #require(try JournalReader.status(of: work))
        #expect(status.exitStatus == 0 && status.titles[0].tasksDone == 1 && status.titles[0].peakBytes == 1 << 30)
    }

    @Test func whoIsNoRunHidesNothingOfTheLast() throws {
        let night = try journal()
        night.titles(["film"])
        night.title("film", is: .failed, reason: "it is broken")
        night.ended(exitStatus: 1)
        try Journal(besideRunsOf: work.path).cleaned()
        let status = try #require(try JournalReader.status(of: work))
        #expect(status.exitStatus == 1 && status.titles.map(\.reason) == ["it is broken"])
    }

    @Test func aJournalOfAnotherFormatIsBegunAnew() throws {
        try FileManager.default.createDirectory(atPath: work.path, withIntermediateDirectories: true)
        try Program.demand(
            "python3",
            ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version = 99')", Journal.file(in: work.path)])
        #expect(try JournalReader.status(of: work) == nil)
        try journal().titles(["film"])
        #expect(try JournalReader.status(of: work)?.titles.map(\.title) == ["film"])
    }

    /// A version of this program that knew no such table wrote them down as facts.
    @Test func debtsOfAnOlderJournalAreNotLost() throws {
        let catalog = "sqlite:./my catalog.sqlite"
        let purge = Purge(title: "film", version: "0123456789abcdef", location: "https://cdn/film/0123456789abcdef")
        try journal().titles(["film"])
        let words = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            db.execute("DROP TABLE purges")
            db.execute("INSERT INTO facts VALUES (?, ?)", sys.argv[2:])
            db.commit()
            """
        let value = #"{"location":"https:\/\/cdn\/film\/0123456789abcdef","title":"film","version":"0123456789abcdef"}"#
        let name = "purge \(catalog) film 0123456789abcdef"
        try Program.demand("python3", ["-c", words, Journal.file(in: work.path), name, value])
        let visitor = try Journal(visiting: work.path)
        #expect(visitor.owedPurges(catalog: catalog) == [purge])
        #expect(try JournalReader.status(of: work)?.titles.map(\.title) == ["film"], "its history too")
        visitor.paid(purge, catalog: catalog)
        #expect(try Journal(visiting: work.path).owedPurges(catalog: catalog).isEmpty, "it is moved, not copied")
    }

    @Test func warningsAreTheLastRuns() throws {
        let first = try journal()
        first.warned("film", "it is dark")
        first.warned("", "nobody listens")
        #expect(
            try JournalReader.status(of: work)?.warnings == [
                WarningStatus(title: "film", message: "it is dark"), WarningStatus(title: nil, message: "nobody listens"),
            ])
        _ = try journal()
        #expect(try JournalReader.status(of: work)?.warnings == [])
    }

    @Test(arguments: ["no database at all, and longer than the head of one: " + String(repeating: "x", count: 200), "SQLite format 3\0"])
    func aDamagedJournalIsBegunAnew(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: Journal.file(in: work.path)))
        #expect(try journal().replacesDamaged)
        #expect(try !journal().replacesDamaged)
    }
}
