import Cataloging
import Foundation
import GRDB
import MediaModel
import Testing

@Suite struct CatalogReaderTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func listIsOrderedByNameWithoutRegardToCase() throws {
        let catalog = try Catalog(url: scratch.url)
        for (id, name) in [("a", "zebra"), ("b", "Apple"), ("c", "mango"), ("d", "apple")] {
            try catalog.publish(sampleEntry(id, metadata: TitleMetadata(name: name, kind: .clip, genres: [name])))
        }
        let titles = try CatalogReader(url: scratch.url).titles()
        #expect(titles.map(\.id) == ["b", "d", "c", "a"])
        #expect(titles.map(\.metadata.genres) == [["Apple"], ["apple"], ["mango"], ["zebra"]])
        #expect(titles.allSatisfy { $0.images.count == 2 && $0.duration == Rational(549 * 1001, 30000) })
    }

    @Test func listShowsTheImagesOfTheCurrentVersionAlone() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        var next = sampleEntry(version: secondVersion, previous: "0123456789abcdef")
        next.package.images = [PackageImage(kind: .poster, path: "images/poster.webp", width: 10, height: 20)]
        try catalog.publish(next)
        let titles = try CatalogReader(url: scratch.url).titles()
        #expect(titles.map(\.version) == [secondVersion])
        #expect(titles.map(\.images) == [next.package.images])
    }

    @Test func unknownTitleAndVersionAreNil() throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        let reader = try CatalogReader(url: scratch.url)
        #expect(try reader.title("nobody") == nil)
        #expect(try reader.currentVersion(of: "nobody") == nil)
        #expect(try reader.location(of: "night-train", version: secondVersion) == nil)
    }

    @Test func missingFileSaysWhatToDoAndMakesNone() throws {
        #expect(try CatalogReader.exists(url: scratch.url) == false)
        let error = catalogError { _ = try CatalogReader(url: scratch.url) }
        #expect(error?.code == .unreachable)
        #expect(error?.description.contains("reelmill run") == true)
        #expect(!FileManager.default.fileExists(atPath: scratch.file))
    }

    @Test func writerNamesAMissingFolder() throws {
        let error = catalogError { _ = try Catalog(url: "sqlite:\(scratch.path)/no/catalog.sqlite") }
        #expect(error?.code == .unreachable)
        #expect(error?.description.contains("\(scratch.path)/no does not exist") == true)
    }

    @Test func whatAKilledWriterLeftIsUndone() async throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        let reader = try CatalogReader(url: scratch.url)
        for place in ["one", "two"] {
            // A transaction that has outgrown its cache lies half in the file, half in the journal: a copy is what a kill leaves.
            let left = "\(scratch.path)/\(place).sqlite"
            try DatabaseQueue(path: scratch.file).inDatabase { db in
                try db.execute(sql: "PRAGMA cache_size = 1; BEGIN; DELETE FROM titles; CREATE TABLE junk (bytes BLOB)")
                for _ in 0..<300 { try db.execute(sql: "INSERT INTO junk VALUES (zeroblob(4000))") }
                for ending in ["", "-journal"] { try FileManager.default.copyItem(atPath: scratch.file + ending, toPath: left + ending) }
                try db.execute(sql: "ROLLBACK")
            }
        }
        let files = { try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { $0.hasSuffix("-journal") } }
        #expect(try files().count == 2)
        #expect(try await CatalogReader(url: "sqlite:\(scratch.path)/one.sqlite").titles().map(\.id) == ["night-train"])
        // One that was open already sees it with its next question.
        for ending in ["", "-journal"] {
            try? FileManager.default.removeItem(atPath: scratch.file + ending)
            try FileManager.default.moveItem(atPath: "\(scratch.path)/two.sqlite\(ending)", toPath: scratch.file + ending)
        }
        #expect(try await reader.titles().map(\.id) == ["night-train"])
        #expect(try files().isEmpty)
    }

    @Test func readsAFileThatNobodyMayWrite() throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: scratch.file)
        try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: scratch.path)
        defer { _ = try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path) }
        #expect(try CatalogReader(url: scratch.url).titles().count == 1)
        #expect(try manager.contentsOfDirectory(atPath: scratch.path) == ["catalog.sqlite"])
    }

    @Test func seesWholeTransactionsWhileAWriterIsAtWork() throws {
        let catalog = try Catalog(url: scratch.url)
        try catalog.publish(sampleEntry())
        let reader = try CatalogReader(url: scratch.url)
        let other = try DatabaseQueue(path: scratch.file)
        try other.inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE; UPDATE titles SET name = 'Half'")
            #expect(try reader.title("night-train")?.metadata.name == "Night Train")
            try db.execute(sql: "COMMIT")
        }
        #expect(try reader.title("night-train")?.metadata.name == "Half")
    }

    @Test func followsAFileThatWasReplaced() throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        let reader = try CatalogReader(url: scratch.url)
        #expect(try reader.titles().map(\.id) == ["night-train"])
        try FileManager.default.removeItem(atPath: scratch.file)
        #expect(catalogError { try reader.check() }?.code == .unreachable)
        try Catalog(url: scratch.url).publish(sampleEntry("other"))
        #expect(try reader.titles().map(\.id) == ["other"])
    }

    @Test func wordOfAnotherProgramIsAnErrorThatNamesIt() throws {
        try Catalog(url: scratch.url).publish(sampleEntry())
        try DatabaseQueue(path: scratch.file).write { db in try db.execute(sql: "UPDATE titles SET kind = 'opera'") }
        let error = catalogError { _ = try CatalogReader(url: scratch.url).titles() }
        #expect(error?.code == .notACatalog)
        #expect(error?.description.contains("'opera'") == true)
    }
}
