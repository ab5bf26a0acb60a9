import Cataloging
import Foundation
import GRDB
import MediaModel
import Testing

/// A catalog of an older program is brought up to date by whoever writes it, with what its rows can tell.
@Suite struct MigrationTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A catalog as a program of that schema left it. Of `back` two versions were taken back, `on` was only ever published.
    private func make(schema: Int) throws {
        let catalog = try Catalog(url: scratch.url)
        for id in ["back", "on"] {
            for (day, version) in ["a", "b", "c", "d"].enumerated() {
                var entry = sampleEntry(id, version: version, previous: try catalog.currentVersion(of: id))
                entry.publishedAt = Int64(day)
                try catalog.publish(entry)
            }
        }
        for goal in ["c", "b"] {
            let (from, to) = try catalog.rollback(of: "back", to: goal)
            try catalog.rollBack("back", from: from.version, to: to.version)
        }
        try DatabaseQueue(path: scratch.file).write { db in
            try db.execute(
                sql: """
                    \(undoStepsAfterTheFifth)
                    ALTER TABLE versions DROP COLUMN superseded_at; ALTER TABLE versions DROP COLUMN superseded_order;
                    \(schema < 4 ? "DROP TABLE removals;" : "") DELETE FROM schema_version WHERE version > \(schema);
                    """)
        }
    }

    @Test(arguments: [3, 4]) func rowsTellWhenAVersionWasSuperseded(schema: Int) throws {
        try make(schema: schema)
        #expect(catalogError { _ = try CatalogReader(url: scratch.url) }?.code == .wrongSchema)
        let before = Int64(Date().timeIntervalSince1970)
        let catalog = try Catalog(url: scratch.url)
        #expect(try catalog.versions(of: "on").map(\.supersededAt) == [nil, 3, 2, 1])
        // When the two were taken back nobody knows: it may have been a moment ago.
        let back = try catalog.versions(of: "back")
        #expect(back.map(\.version) == ["d", "c", "b", "a"])
        #expect(back[0].supersededAt ?? 0 >= before && back[1].supersededAt ?? 0 >= before)
        #expect(back[2].supersededAt == nil && back[2].isCurrent && back[3].supersededAt == 1)
        #expect(try catalog.rollback(of: "on", to: nil).to.version == "c")
        #expect(try catalog.rollback(of: "back", to: nil).to.version == "a")
        #expect(try catalog.removals(of: "on", version: "a") == 0)
        #expect(try CatalogReader(url: scratch.url).titles().count == 2)
        try DatabaseQueue(path: scratch.file).read { db in try db.checkForeignKeys() }
    }

    /// What a fix of today leaves is what was current until then.
    @Test func theStoryGoesOn() throws {
        try make(schema: 4)
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry("back", version: "e", previous: "b"))
        #expect(try catalog.rollback(of: "back", to: nil).to.version == "b")
    }
}
