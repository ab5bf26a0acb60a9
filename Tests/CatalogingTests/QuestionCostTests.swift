import Foundation
import GRDB
import MediaModel
import Synchronization
import Testing

@testable import Cataloging

/// What one title costs does not grow with the catalog: no question about it, and no change of it, looks at the others.
@Suite struct QuestionCostTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private final class Statements: Sendable {
        private let list = Mutex<[String]>([])

        @Sendable func observe(_ db: Database) {
            db.trace(options: .statement) { [self] event in
                guard case .statement(let statement) = event else { return }
                list.withLock { $0.append(statement.expandedSQL) }
            }
        }

        /// All since the last time, but for those that SQLite adds by itself, transactions, and those about the schema.
        func take() -> [String] {
            let all = list.withLock { list in
                defer { list = [] }
                return list
            }
            let words = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]
            return all.filter { sql in words.contains { sql.hasPrefix($0) } && !sql.contains("sqlite_") && !sql.contains("schema_version") }
        }
    }

    /// Statements that would look at every row of a table.
    private func scans(_ statements: [String]) throws -> [String] {
        try DatabaseQueue(path: scratch.file).read { db in
            try Set(statements).sorted().flatMap { sql in
                let steps = try Row.fetchAll(db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")).map { $0["detail"] as String }
                return steps.filter { $0.hasPrefix("SCAN") && $0 != "SCAN CONSTANT ROW" }.map { "\($0): \(sql)" }
            }
        }
    }

    /// What a run asks of a title that is as it should be.
    private func askAsARunDoes(_ catalog: Catalog, _ id: String) throws {
        #expect(try !catalog.isRemoved(id))
        #expect(try !catalog.isWithdrawn(id, version: "0123456789abcdef"))
        #expect(try catalog.currentVersion(of: id) == "0123456789abcdef")
        #expect(try catalog.versions(of: id).count == 1)
        _ = try catalog.remoteFiles(of: id)
        let metadata = try #require(try CatalogReader(url: scratch.url).title(id)?.metadata)
        #expect(try !catalog.updateMetadata(metadata, of: id))
    }

    @Test func anUnchangedTitleCostsTheSameInALargeCatalog() throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        let statements = Statements()
        let catalog = try Catalog(url: scratch.url, observe: statements.observe)
        _ = statements.take()
        try askAsARunDoes(catalog, "night-train")
        let alone = statements.take()
        #expect(alone.count > 5)
        try ManyTitles.write(5_000, to: scratch.file)
        for id in ["night-train", "title-00001", "title-05000"] { try askAsARunDoes(catalog, id) }
        let many = statements.take()
        #expect(many.count == 3 * alone.count)
        #expect(try scans(many) == [])
        // Nobody has to wait for a run that has nothing to write.
        #expect(!many.contains { !$0.hasPrefix("SELECT") })
    }

    @Test func noQuestionAboutATitleScans() throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        let statements = Statements()
        let reader = try CatalogReader(url: scratch.url, observe: statements.observe)
        try reader.check()
        #expect(try reader.title("night-train")?.version.version == "0123456789abcdef")
        #expect(try reader.currentVersion(of: "night-train") != nil)
        #expect(try !reader.isWithdrawn("night-train", version: "a"))
        #expect(try !reader.isRemoved("night-train"))
        #expect(try reader.location(of: "night-train", version: "0123456789abcdef") != nil)
        #expect(try reader.remoteFiles(of: "night-train").isEmpty && reader.remoteFiles(at: "aa").isEmpty)
        var listing = try reader.listing()
        // Which titles there are is one pass over an index; what is known of a page is not.
        _ = statements.take()
        #expect(try listing.next()?.count == 1)
        let all = statements.take()
        #expect(all.count == 5)
        #expect(try scans(all) == [])
    }

    @Test func noChangeOfATitleScans() throws {
        let statements = Statements()
        let catalog = try Catalog(url: scratch.url, observe: statements.observe)
        _ = statements.take()
        let file = CatalogRemoteFile(address: "https://host/a", addressHash: "aa", bytes: 1, sha256: "bb")
        for (version, previous) in [("0123456789abcdef", nil), (secondVersion, "0123456789abcdef")] {
            var entry = sampleEntry(version: version, previous: previous)
            entry.removals = try catalog.removals(of: "night-train", version: version)
            try catalog.publish(entry)
        }
        #expect(try catalog.updateMetadata(TitleMetadata(name: "Other", kind: .clip), of: "night-train"))
        #expect(try catalog.relocate("night-train", version: secondVersion, to: "file:///elsewhere"))
        try catalog.updateRemoteFiles([file], of: "night-train")
        #expect(try catalog.remoteFiles(at: "aa") == [file])
        try catalog.updateRemoteFiles([], of: "night-train")
        let (from, to) = try catalog.rollback(of: "night-train", to: nil)
        try catalog.rollBack("night-train", from: from.version, to: to.version)
        #expect(try catalog.removeTitles(["night-train"]).map(\.kind) == [.changed])
        #expect(try catalog.restoreTitles(["night-train"]).map(\.kind) == [.changed])
        #expect(try catalog.beginRemoval(of: "night-train", version: secondVersion, isSuperseded: true) == 1)
        #expect(try catalog.renewRemoval(of: "night-train", version: secondVersion, lease: 1))
        #expect(try catalog.endRemoval(of: "night-train", version: secondVersion, lease: 1))
        _ = try catalog.removeTitles(["night-train"], now: 5)
        #expect(try catalog.beginRemoval(of: "night-train", version: to.version, isSuperseded: true, titleRemovedBefore: 6) == 1)
        let all = statements.take()
        #expect(all.count > 50)
        #expect(try scans(all) == [])
    }
}
