import Cataloging
import Foundation
import GRDB
import Testing

@Suite struct SchemaTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func openingAgainChangesNothing() throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file))
        _ = try Catalog(url: scratch.url)
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file)) == before)
    }

    @Test func newerSchemaIsRefusedByWriterAndReader() throws {
        _ = try Catalog(url: scratch.url)
        try execute("INSERT INTO schema_version (version) VALUES (999)")
        for error in [catalogError { _ = try Catalog(url: scratch.url) }, catalogError { _ = try CatalogReader(url: scratch.url) }] {
            #expect(error?.code == .wrongSchema)
            #expect(error?.description.contains("newer program") == true)
            #expect(error?.description.contains(scratch.file) == true)
        }
    }

    @Test func databaseOfSomethingElseIsLeftAlone() throws {
        try execute("CREATE TABLE bookmarks (id INTEGER)")
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file))
        #expect(catalogError { _ = try Catalog(url: scratch.url) }?.code == .notACatalog)
        #expect(catalogError { _ = try CatalogReader(url: scratch.url) }?.code == .notACatalog)
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file)) == before)
    }

    @Test func fileThatIsNoDatabaseIsLeftAlone() throws {
        let text = Data(String(repeating: "This is a letter, not a database.\n", count: 100).utf8)
        try text.write(to: URL(fileURLWithPath: scratch.file))
        #expect(catalogError { _ = try Catalog(url: scratch.url) }?.code == .notACatalog)
        #expect(catalogError { _ = try CatalogReader(url: scratch.url) }?.code == .notACatalog)
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file)) == text)
    }

    @Test func emptyFileBecomesACatalogForTheWriterAlone() throws {
        try Data().write(to: URL(fileURLWithPath: scratch.file))
        #expect(catalogError { _ = try CatalogReader(url: scratch.url) }?.code == .notACatalog)
        try Catalog(url: scratch.url).publish(sampleEntry())
        #expect(try CatalogReader(url: scratch.url).titles().count == 1)
    }

    @Test func everyReferenceHasAnIndexAndHolds() throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        try DatabaseQueue(path: scratch.file).write { db in
            try db.checkForeignKeys()
            #expect(throws: (any Error).self) { try db.execute(sql: "DELETE FROM people") }
            for query in [
                "SELECT 1 FROM title_people WHERE person_id = 1", "SELECT 1 FROM title_genres WHERE genre_id = 1",
                "SELECT 1 FROM titles WHERE series_id = 'x'", "SELECT 1 FROM renditions WHERE version_id = 1",
                "SELECT 1 FROM withdrawn WHERE title_id = 'x' AND version = 'y'",
                "SELECT 1 FROM versions WHERE title_id = 'x' AND version = 'y'",
                "SELECT 1 FROM versions WHERE title_id = 'x' AND superseded_order < 3",
                "SELECT 1 FROM removals WHERE title_id = 'x' AND version = 'y'",
                "SELECT 1 FROM owners WHERE title_id = 'x'", "SELECT 1 FROM owners WHERE manifest = 'm.yaml'",
            ] {
                let plan = try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + query).map { $0["detail"] as String }
                #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(query): \(plan)")
            }
        }
    }

    private func execute(_ sql: String) throws {
        try DatabaseQueue(path: scratch.file).write { db in try db.execute(sql: sql) }
    }
}
