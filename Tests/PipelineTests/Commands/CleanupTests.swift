import Cataloging
import Engine
import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Pipeline

/// Which of a title's versions have had their time.
@Suite struct SupersededTests {
    /// - Parameter days: when each version was published, in days since 1970; the first is version a.
    private func superseded(_ days: [Double], current: Character, keep: Int, keepDays: Int, today: Double) -> String {
        let records = zip("abcdefgh", days).map { letter, day in
            let superseded = days.filter { $0 > day }.min() ?? day
            return VersionRecord(
                title: "one", version: String(letter), location: "file:/one/\(letter)", publishedAt: Int64(day * 86_400),
                isCurrent: letter == current, supersededAt: letter == current ? nil : Int64(superseded * 86_400))
        }
        let now = Date(timeIntervalSince1970: today * 86_400)
        return Cleanup.superseded(records, KeepPolicy(versions: keep, days: keepDays), now: now).map(\.version).joined()
    }

    @Test func theCurrentVersionStaysHoweverOldItIs() {
        #expect(superseded([1, 2, 3, 4], current: "d", keep: 1, keepDays: 0, today: 1000) == "cba")
        #expect(superseded([1, 2, 3, 4], current: "a", keep: 1, keepDays: 0, today: 1000) == "cb")
        #expect(superseded([1], current: "a", keep: 1, keepDays: 0, today: 1000) == "")
    }

    @Test func theNewestStay() {
        #expect(superseded([1, 2, 3, 4], current: "d", keep: 2, keepDays: 0, today: 1000) == "ba")
        #expect(superseded([1, 2, 3, 4], current: "d", keep: 4, keepDays: 0, today: 1000) == "")
        #expect(superseded([4, 3, 2, 1], current: "a", keep: 3, keepDays: 0, today: 1000) == "d", "whatever order they come in")
    }

    /// What viewers saw until last week can be gone back to, though it was published a year ago.
    @Test func daysCountFromWhenAVersionWasSuperseded() {
        #expect(superseded([0, 365], current: "b", keep: 1, keepDays: 30, today: 366) == "")
        #expect(superseded([0, 365], current: "b", keep: 1, keepDays: 30, today: 395) == "")
        #expect(superseded([0, 365], current: "b", keep: 1, keepDays: 30, today: 396) == "a")
        #expect(superseded([0, 10, 365], current: "c", keep: 1, keepDays: 30, today: 366) == "a")
    }

    @Test func titlesHaveNothingToDoWithEachOther() {
        let records = ["one", "two"].map {
            VersionRecord(title: $0, version: "a", location: "", publishedAt: 0, isCurrent: false, supersededAt: 1)
        }
        #expect(Cleanup.superseded(records, KeepPolicy(versions: 1, days: 0), now: Date()).isEmpty)
    }
}

/// `gc` shows what can go, and removes of that what nobody came to need.
@Suite struct CleanupTests {
    private let title: PublishedTitle
    private let a = PublishedTitle.version("a")
    private let b = PublishedTitle.version("b")
    private let c = PublishedTitle.version("c")

    init() throws {
        title = try PublishedTitle()
        for (day, letter) in "abc".enumerated() { try title.publish(letter, day: Double(day)) }
        try title.manifest("keep: 1\nkeep_days: 0")
    }

    private func cleanup(work: String = "work") throws -> Cleanup {
        try Cleanup(manifest: title.folder.file("manifest.yaml"), work: title.folder.file(work))
    }

    private func shown(_ items: [Cleanup.Item]) -> [String] { items.map { $0.description.split(separator: ",")[0].description } }

    private var known: [String] { get throws { try title.catalog.versions(of: "one").map(\.version).sorted() } }

    @Test func whatIsShownGoes() throws {
        let cleanup = try cleanup()
        #expect(shown(cleanup.items) == ["version one \(b)", "version one \(a)"] && cleanup.notes.isEmpty)
        #expect(try title.there() == [a, b, c])
        #expect(try cleanup.remove(cleanup.items) == 2)
        #expect(try title.there() == [c] && known == [c])
    }

    /// It was current a moment ago, whenever it and the next one were published.
    @Test func whatARollbackLeftStaysForAsManyDays() throws {
        try title.publish("d", day: 3)
        try title.manifest("keep: 1\nkeep_days: 30")
        try title.catalog.rollBack("one", from: PublishedTitle.version("d"), to: c)
        try title.catalog.rollBack("one", from: c, to: b)
        let cleanup = try cleanup()
        #expect(shown(cleanup.items) == ["version one \(a)"])
        let later = Date(timeIntervalSinceNow: 31 * 86_400)
        cleanup.letRunsIn()
        let inAMonth = try Cleanup(manifest: title.folder.file("manifest.yaml"), work: title.folder.file("work"), now: later)
        #expect(shown(inAMonth.items) == ["version one \(c)", "version one \(a)"])
    }

    /// The catalog must not forget where files are that this manifest's store cannot remove.
    @Test func aVersionInAnotherStoreStaysAndIsToldOf() throws {
        try title.manifest("keep: 1\nkeep_days: 0", publish: "file:./elsewhere")
        let cleanup = try cleanup()
        #expect(cleanup.items.isEmpty && cleanup.notes.count == 2)
        #expect(cleanup.notes[0].hasPrefix("version one \(b), published ") && cleanup.notes[0].contains("/store/one/\(b), which is not"))
        #expect(try cleanup.remove(cleanup.items) == 0)
        #expect(try title.there() == [a, b, c] && known == [a, b, c])
    }

    /// Another manifest's, in the same catalog and store, which may want to keep more; or one that was taken out of this manifest.
    @Test func otherTitlesAreLookedAtOnlyWhenAskedFor() throws {
        let stray = PublishedTitle.version("0")
        for (day, letter) in "abc".enumerated() { try title.publish(letter, of: "two", day: Double(day)) }
        try title.write(stray, of: "two")
        let leftover = ".\(a).partial-1"
        try title.folder.write("half", to: "store/two/\(leftover)/1.m4s")
        for name in [stray, leftover] { try title.age("store/two/\(name)", days: 2) }
        let ours = try cleanup()
        #expect(shown(ours.items) == ["version one \(b)", "version one \(a)"])
        #expect(ours.notes.count == 1 && ours.notes[0].hasSuffix("not looked at without --all-titles: 1"))
        ours.letRunsIn()
        let all = try Cleanup(manifest: title.folder.file("manifest.yaml"), work: title.folder.file("work"), takesAllTitles: true)
        let others = ["version two \(b)", "version two \(a)", "stray version two \(stray)", "leftover two/\(leftover)"]
        #expect(shown(all.items) == shown(ours.items) + others && all.notes.isEmpty)
        all.letRunsIn()
        #expect(try all.remove(all.lookAgain()) == 6)
        #expect(try title.there() == [c] && title.there("two") == [c])
    }

    @Test func runsGoOnWhileAPersonThinks() throws {
        let cleanup = try cleanup()
        let run = try WorkFolder(path: title.folder.file("work"))
        #expect(failure { try run.takeLock() }?.status == 75)
        cleanup.letRunsIn()
        try run.takeLock()
        #expect(failure { _ = try cleanup.lookAgain() }?.status == 75)
        run.releaseLock()
        // What is new was not agreed to, and what is current must stay.
        try title.write(PublishedTitle.version("0"))
        try title.age("store/one/\(PublishedTitle.version("0"))", days: 2)
        try title.catalog.rollBack("one", from: c, to: a)
        let left = try cleanup.lookAgain()
        #expect(shown(left) == ["version one \(b)"])
        #expect(failure { try run.takeLock() }?.status == 75)
        #expect(try cleanup.remove(left) == 1)
        #expect(try title.there() == [PublishedTitle.version("0"), a, c])
    }

    /// A run with another work folder, or a rollback, is kept out by no lock.
    @Test func whatBecameCurrentSinceStays() throws {
        let cleanup = try cleanup()
        try title.catalog.rollBack("one", from: c, to: a)
        #expect(try cleanup.remove(cleanup.items) == 1)
        #expect(try title.there() == [a, c] && known == [a, c] && title.current == a)
    }

    @Test(arguments: [true, false]) func aStrayThatSomebodyTakesUpStays(isInTheCatalog: Bool) throws {
        let stray = PublishedTitle.version("0")
        try title.write(stray)
        try title.age("store/one/\(stray)", days: 2)
        let cleanup = try cleanup()
        #expect(shown(cleanup.items).last == "stray version one \(stray)")
        if isInTheCatalog {
            try title.publish("0")
            try title.age("store/one/\(stray)", days: 2)
        } else {
            // About to be: a run has found it whole.
            try title.age("store/one/\(stray)", days: 0)
        }
        #expect(try cleanup.remove(cleanup.items.suffix(1)) == 0)
        #expect(try title.there().contains(stray))
    }

    /// A run with another work folder that found a superseded version's files in place, and comes to its transaction when they are gone.
    @Test func aRunWhoseFilesWentDoesNotMakeThemCurrent() throws {
        let before = try title.catalog.removals(of: "one", version: a)
        let cleanup = try cleanup()
        #expect(try cleanup.remove(cleanup.items) == 2)
        let late = #expect(throws: CatalogError.self) { try title.enter("a", removals: before) }
        #expect(late?.code == .conflict && late?.description.contains("run again") == true)
        #expect(try title.current == c && title.there() == [c])
        try title.publish("a")
        #expect(try title.current == a && title.there() == [a, c])
    }

    /// Another `gc` has begun with a version, and may be about to make its files go.
    @Test func whatAnotherRemovesIsLeftToIt() throws {
        let cleanup = try cleanup()
        let lease = try #require(try title.catalog.beginRemoval(of: "one", version: b, isSuperseded: true))
        let failure = try #require(failure { _ = try cleanup.remove(cleanup.items) })
        #expect(failure.status == 75 && failure.words.contains("run again in some minutes"))
        #expect(try title.there() == [a, b, c])
        #expect(try title.catalog.endRemoval(of: "one", version: b, lease: lease))
    }

    /// A version whose files could not be touched can still be gone back to, and no run is kept out.
    @Test func aRemovalThatFailsAtOnceForgetsNothing() throws {
        let cleanup = try cleanup()
        // A folder where the lock should be.
        try title.folder.write("x", to: "store/one/.lock/x")
        #expect(failure { _ = try cleanup.remove(cleanup.items) } != nil)
        #expect(try known == [a, b, c] && title.there() == [a, b, c])
        #expect(try title.catalog.removals(of: "one", version: b) == 0)
    }

    /// Somebody removed the files by hand.
    @Test func whatHasNoFilesIsForgotten() throws {
        for version in [a, b] { try FileManager.default.removeItem(atPath: title.folder.file("store/one/\(version)")) }
        let cleanup = try cleanup()
        _ = try cleanup.remove(cleanup.items)
        #expect(try known == [c])
    }

    @Test func whatDeadRunsLeftGoesAfterADay() throws {
        let leftovers = [".\(a).partial-1", ".\(b).partial-2-broken"]
        for name in leftovers { try title.folder.write("half", to: "store/one/\(name)/video/1.m4s") }
        try title.age("store/one/\(leftovers[0])", days: 2)
        let cleanup = try cleanup()
        let items = Array(cleanup.items.dropFirst(2))
        #expect(shown(items) == ["leftover one/\(leftovers[0])"])
        #expect(try cleanup.remove(items) == 1)
        #expect(try title.there() == [leftovers[1], a, b, c])
    }

    @Test func aSignalEndsItBetweenTwoThings() throws {
        let cleanup = try cleanup()
        var looks = 0
        let failure = failure {
            _ = try cleanup.remove(
                cleanup.items,
                isStopped: {
                    looks += 1
                    return looks > 1
                })
        }
        #expect(failure?.status == 130 && failure?.words.contains("1 of 2 were removed") == true)
        #expect(try title.there() == [a, c] && known == [a, c])
    }

    @Test func aSignalEndsTheCleaningOfTheWorkFolder() throws {
        try title.manifest("keep_work: 0")
        let cleanup = try cleanup()
        let store = try WorkFolder(path: title.folder.file("work")).artefacts
        let key = try TaskKey("test", of: "one", libraries: [])
        try store.commit(try store.begin(), as: key, record: "one")
        #expect(failure { _ = try cleanup.cleanWork(isStopped: { true }) }?.status == 130)
        #expect(store.holds(key, as: String.self))
        #expect(try cleanup.cleanWork(isStopped: { false }).results == 1)
    }

    @Test func aJournalThatCannotBeReadIsUnreachable() throws {
        let cleanup = try cleanup()
        // What is only damaged is begun anew; a folder is no journal at all.
        try FileManager.default.createDirectory(atPath: title.folder.file("work/journal.sqlite"), withIntermediateDirectories: true)
        #expect(failure { _ = try cleanup.cleanWork(isStopped: { false }) }?.status == 69)
    }

    @Test func aCatalogThatFailsInTheMiddleIsUnreachable() throws {
        let cleanup = try cleanup()
        try Program.demand(
            "python3",
            ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('DROP TABLE titles')", title.folder.file("catalog.sqlite")])
        #expect(failure { _ = try cleanup.remove(cleanup.items, isStopped: { false }) }?.status == 69)
    }
}
