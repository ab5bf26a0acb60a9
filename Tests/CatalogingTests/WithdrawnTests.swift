import Cataloging
import Foundation
import GRDB
import MediaModel
import Testing

/// What a person took back does not come again by itself.
@Suite struct WithdrawnTests {
    let scratch: Scratch
    let catalog: Catalog

    init() throws {
        scratch = try Scratch()
        catalog = try Catalog(url: scratch.url)
    }

    private func publish(_ version: String) throws {
        var entry = sampleEntry(version: version, previous: try catalog.currentVersion(of: "night-train"))
        entry.publishedAt += Int64(try catalog.versions().count)
        try catalog.publish(entry)
    }

    private func rollBack(to version: String? = nil) throws {
        let (from, to) = try catalog.rollback(of: "night-train", to: version)
        try catalog.rollBack("night-train", from: from.version, to: to.version)
    }

    private func withdrawn(_ versions: [String]) throws -> [String] {
        try versions.filter { try catalog.isWithdrawn("night-train", version: $0) }
    }

    @Test func aSecondRollbackLeavesTheFirstInForce() throws {
        for version in ["z", "a", "b"] { try publish(version) }
        try rollBack()
        #expect(try catalog.currentVersion(of: "night-train") == "a")
        try rollBack()
        #expect(try catalog.currentVersion(of: "night-train") == "z")
        #expect(try withdrawn(["z", "a", "b"]) == ["a", "b"])
    }

    @Test func whatIsRolledBackToIsTakenBackNoLonger() throws {
        for version in ["z", "a", "b"] { try publish(version) }
        try rollBack()
        try rollBack(to: "b")
        #expect(try withdrawn(["z", "a", "b"]) == ["a"])
    }

    @Test func aNewVersionBeginsTheStoryAnew() throws {
        for version in ["z", "a", "b"] { try publish(version) }
        try rollBack()
        try rollBack()
        // One that is current already is no news.
        try publish("z")
        #expect(try withdrawn(["z", "a", "b"]) == ["a", "b"])
        try publish("c")
        #expect(try withdrawn(["z", "a", "b", "c"]) == [])
    }

    /// A run that was making it, when it was taken back, does not undo that.
    @Test func whatWasTakenBackIsNotPublished() throws {
        for version in ["z", "a"] { try publish(version) }
        try rollBack()
        let error = catalogError { try publish("a") }
        #expect(error?.code == .conflict && error?.description.contains("version a was taken back") == true)
        #expect(try catalog.currentVersion(of: "night-train") == "z")
        #expect(try withdrawn(["z", "a"]) == ["a"])
    }

    @Test func aVersionThatIsForgottenStaysTakenBack() throws {
        for version in ["z", "a"] { try publish(version) }
        try rollBack()
        #expect(try catalog.beginRemoval(of: "night-train", version: "a", isSuperseded: true) == 1)
        #expect(try catalog.versions().map(\.version) == ["z"])
        #expect(try withdrawn(["z", "a"]) == ["a"])
    }

    @Test func aRollbackFromWhatIsNotCurrentAnyMoreIsAConflict() throws {
        for version in ["z", "a", "b"] { try publish(version) }
        let (from, to) = try catalog.rollback(of: "night-train", to: nil)
        try publish("c")
        #expect(catalogError { try catalog.rollBack("night-train", from: from.version, to: to.version) }?.code == .conflict)
        #expect(catalogError { try catalog.rollBack("night-train", from: "c", to: "nothing") }?.code == .conflict)
        #expect(try catalog.currentVersion(of: "night-train") == "c")
        #expect(try withdrawn(["z", "a", "b", "c"]) == [])
    }

    @Test func whereThereIsNothingToGoBackToIsSaid() throws {
        try publish("z")
        #expect(catalogError { try rollBack() }?.description.contains("no earlier version") == true)
        #expect(catalogError { try rollBack(to: "y") }?.description.contains("no version y") == true)
        #expect(catalogError { _ = try catalog.rollback(of: "nobody", to: nil) }?.code == .unknownTitle)
    }

    @Test func anOlderCatalogIsBroughtUpToDateByAWriterAlone() throws {
        for version in ["z", "a"] { try publish(version) }
        // As a program of schema 2 left it: one column.
        try DatabaseQueue(path: scratch.file).write { db in
            try db.execute(
                sql: """
                    \(undoStepsAfterTheFifth)
                    ALTER TABLE versions DROP COLUMN superseded_at; ALTER TABLE versions DROP COLUMN superseded_order;
                    DROP TABLE removals; DROP TABLE withdrawn; DELETE FROM schema_version WHERE version > 2;
                    ALTER TABLE titles ADD COLUMN withdrawn_version TEXT; UPDATE titles SET withdrawn_version = 'b';
                    """)
        }
        #expect(catalogError { _ = try CatalogReader(url: scratch.url) }?.code == .wrongSchema)
        let catalog = try Catalog(url: scratch.url)
        #expect(try catalog.isWithdrawn("night-train", version: "b"))
        #expect(try CatalogReader(url: scratch.url).title("night-train")?.version.version == "a")
        try DatabaseQueue(path: scratch.file).read { db in try db.checkForeignKeys() }
    }
}
