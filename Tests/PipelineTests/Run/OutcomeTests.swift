import Engine
import Synchronization
import TestSupport
import Testing

@testable import Pipeline

/// What becomes of a title is told once, to everybody alike.
@Suite struct OutcomeTests {
    private let folder: TemporaryFolder
    private let work: WorkFolder
    private let outcome: Outcome
    private let events = Events()

    private final class Events: Sendable {
        let all = Mutex<[String]>([])
    }

    init() throws {
        folder = try TemporaryFolder()
        work = try WorkFolder(path: folder.file("work"))
        let journal = try RunLog(beginning: "/m.yaml", workers: 2, in: Journal(work: work.path))
        journal.groups(["a", "b", "c", "d"])
        outcome = Outcome(journal: journal, purges: nil) { [events] event in
            switch event {
            case .failed(let title, let reason): events.all.withLock { $0.append("\(title): \(reason)") }
            case .postponed(let title): events.all.withLock { $0.append("\(title): later") }
            default: break
            }
        }
    }

    @Test func failuresAndPostponementsAreToldToAll() throws {
        outcome.fail("a", PipelineError(.title, "read 'a'", "it is\nbroken"))
        outcome.postpone(["b"])
        outcome.set(TitleReport(title: "c", state: .unchanged, version: "1"))
        #expect(outcome.hasFailures && outcome.hasFailed("a") && !outcome.hasFailed("b"))
        #expect(events.all.withLock { $0 } == ["a: cannot read 'a': it is broken", "b: later"])
        let status = try #require(try RunStatus(of: work))
        #expect(status.titles.prefix(2).map(\.state) == ["failed", "postponed"])
        #expect(status.titles[0].reason == "cannot read 'a': it is broken")
        let reports = outcome.all(["d", "c", "b", "a"])
        #expect(reports.map(\.state) == [.interrupted, .unchanged, .postponed, .failed], "in the order asked for")
        #expect(reports.map(\.code) == [nil, nil, .locked, .title])
    }

    @Test func whatWasInterruptedHasNotFailed() {
        outcome.fail("a", PipelineError(.interrupted, "", "stopped before it was done"))
        #expect(!outcome.hasFailures && events.all.withLock { $0.isEmpty })
        #expect(outcome.all(["a"]).map(\.state) == [.interrupted])
    }
}
