import Cataloging
import MediaModel
import Testing

/// Which version a rollback goes back to that is told none: the one that viewers saw before, never one that was taken back.
@Suite struct EarlierVersionTests {
    let scratch: Scratch
    let catalog: Catalog
    private let id = "night-train"

    init() throws {
        scratch = try Scratch()
        catalog = try Catalog(url: scratch.url)
    }

    /// - Parameter backwards: as if the clock were put back before each.
    private func publish(_ versions: String, backwards: Bool = false) throws {
        for version in versions {
            var entry = sampleEntry(version: String(version), previous: try catalog.currentVersion(of: id))
            let count = Int64(try catalog.versions().count)
            entry.publishedAt += backwards ? -count : count
            try catalog.publish(entry)
        }
    }

    /// - Returns: what is current now; nil: there was nothing to go back to.
    @discardableResult
    private func rollBack(to version: String? = nil) throws -> String? {
        do {
            let (from, to) = try catalog.rollback(of: id, to: version)
            try catalog.rollBack(id, from: from.version, to: to.version, now: 2_000_000_000)
        } catch  where error.description.contains("no earlier version") { return nil }
        return try catalog.currentVersion(of: id)
    }

    private func superseded() throws -> [String: Int64?] {
        Dictionary(uniqueKeysWithValues: try catalog.versions(of: id).map { ($0.version, $0.supersededAt) })
    }

    @Test func stepByStepToTheFirst() throws {
        try publish("abc")
        #expect(try [rollBack(), rollBack(), rollBack()] == ["b", "a", nil])
    }

    /// The version that was taken back is newer than the one that was current before the fix.
    @Test func afterAFixItIsWhatWasCurrentBeforeTheFix() throws {
        try publish("ab")
        #expect(try rollBack() == "a")
        try publish("c")
        #expect(try [rollBack(), rollBack()] == ["a", nil])
    }

    @Test func whatWasTakenBackIsPassedOverHoweverLongAgo() throws {
        try publish("abc")
        #expect(try [rollBack(), rollBack()] == ["b", "a"])
        try publish("de")
        #expect(try [rollBack(), rollBack(), rollBack()] == ["d", "a", nil])
    }

    @Test func aClockThatWentBackChangesNothing() throws {
        try publish("abc", backwards: true)
        #expect(try [rollBack(), rollBack(), rollBack()] == ["b", "a", nil])
    }

    /// Back and forth again: the version before is what it was.
    @Test func aRollbackThatWasAMistakeIsForgotten() throws {
        try publish("ab")
        #expect(try [rollBack(), rollBack(to: "b"), rollBack()] == ["a", "b", "a"])
        #expect(try [rollBack(to: "b"), rollBack(to: "a"), rollBack()] == ["b", "a", nil])
    }

    @Test func whatIsPublishedAgainIsTheNewest() throws {
        try publish("aba")
        #expect(try [rollBack(), rollBack()] == ["b", nil])
    }

    @Test func theTimeIsThatOfWhateverTookItsPlace() throws {
        try publish("abc")
        #expect(try superseded() == ["a": 1_700_000_001, "b": 1_700_000_002, "c": nil])
        try rollBack()
        #expect(try superseded() == ["a": 1_700_000_001, "b": nil, "c": 2_000_000_000])
        try rollBack()
        #expect(try superseded() == ["a": nil, "b": 2_000_000_000, "c": 2_000_000_000])
        // One that is current already is only put right.
        try publish("a")
        #expect(try superseded() == ["a": nil, "b": 2_000_000_000, "c": 2_000_000_000])
    }
}
