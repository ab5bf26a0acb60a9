import Cataloging
import Foundation
import GRDB
import Testing

@Suite struct CatalogErrorTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func isOneLineThatNamesTheFileAndSQLitesWords() {
        let error = CatalogError(.other, operation: "read", detail: "/x: SQLite refused", underlying: "no such table: y")
        #expect(error.description == "catalog: read: /x: SQLite refused (no such table: y)")
        #expect(CatalogError(.locked, operation: "read", detail: "/x: busy").description == "catalog: read: /x: busy")
    }

    @Test func folderInTheFilesPlaceIsUnreachable() throws {
        try FileManager.default.createDirectory(atPath: scratch.file, withIntermediateDirectories: true)
        for error in [catalogError { _ = try Catalog(url: scratch.url) }, catalogError { _ = try CatalogReader(url: scratch.url) }] {
            #expect(error?.code == .unreachable)
            #expect(error?.description.contains(scratch.file) == true)
            #expect(error?.description.contains("\n") == false)
        }
    }

    /// As on a file system that is mounted read-only, where there is no place for the journal.
    @Test func aFolderWithoutRoomForAJournalIsFoundOutBeforeAnythingIsWritten() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.demandWritable()
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file))
        try FileManager.default.createSymbolicLink(atPath: scratch.file + "-journal", withDestinationPath: "/nowhere/journal")
        #expect(catalogError { try catalog.demandWritable() }?.code == .unreachable)
        #expect(try catalog.currentVersion(of: "night-train") == nil)
        try FileManager.default.removeItem(atPath: scratch.file + "-journal")
        try catalog.demandWritable()
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file)) == before)
        try catalog.publish(sampleEntry())
    }

    @Test func aCatalogThatAnotherWritesCanBeWritten() throws {
        let catalog = try Catalog(url: scratch.url, busyTimeout: 0)
        try DatabaseQueue(path: scratch.file).inTransaction(.immediate) { _ in
            #expect(catalogError { try catalog.publish(sampleEntry()) }?.code == .locked)
            #expect(throws: Never.self) { try catalog.demandWritable() }
            return .rollback
        }
    }

    @Test func damagedFileIsNoCatalog() throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        let url = URL(fileURLWithPath: scratch.file)
        var bytes = try Data(contentsOf: url)
        bytes.replaceSubrange(100..<bytes.count, with: Data(repeating: 0xAB, count: bytes.count - 100))
        try bytes.write(to: url)
        #expect(catalogError { _ = try CatalogReader(url: scratch.url).titles() }?.code == .notACatalog)
        #expect(catalogError { _ = try Catalog(url: scratch.url) }?.code == .notACatalog)
    }
}
