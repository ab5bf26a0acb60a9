import Cataloging
import Foundation
import GRDB
import MediaModel
import Testing

/// What the catalog keeps of versions beside their rows, asked for many titles at once.
@Suite struct StandingTests {
    private let scratch: Scratch
    private let catalog: Catalog
    private let origin = VersionOrigin(asked: "a1", files: "{}", presetSHA256: "b2", engine: 7)

    init() throws {
        scratch = try Scratch()
        catalog = try Catalog(url: scratch.url)
    }

    private func publish(_ id: String, _ version: String = "a", origin: VersionOrigin = VersionOrigin()) throws {
        var entry = sampleEntry(id, version: version, previous: try catalog.currentVersion(of: id))
        entry.origin = origin
        try catalog.publish(entry)
    }

    @Test func bothDoorsTellOfTheTitlesThatAreAskedFor() throws {
        for id in ["one", "other", "third"] { try publish(id, origin: origin) }
        let package = sampleEntry("one", version: "a", previous: nil).package
        for standings in [
            try catalog.standings(of: ["one", "other", "nobody"]),
            try CatalogReader(url: scratch.url).standings(of: ["one", "other", "nobody"]),
        ] {
            #expect(standings.keys.sorted() == ["one", "other"])
            let one = try #require(standings["one"])
            #expect(one.version == "a" && one.origin == origin && one.preset == package.provenance.preset)
            #expect(one.libraries == package.provenance.libraries && one.sourceSHA256 == package.source.sha256)
        }
        #expect(try catalog.standings(of: []).isEmpty)
    }

    @Test func aNoteIsKeptAndGoesWithWhatIsTakenBack() throws {
        try publish("one", "a")
        try publish("one", "b")
        #expect(try catalog.standings(of: ["one"])["one"]?.origin == VersionOrigin())
        try catalog.note([("one", "b", origin)])
        #expect(try catalog.standings(of: ["one"])["one"]?.origin == origin)
        try catalog.rollBack("one", from: "b", to: "a")
        #expect(try catalog.standings(of: ["one"])["one"]?.withdrawn.map { [$0.version, $0.asked] } == [["b", "a1"]])
    }

    @Test func whatAnOlderProgramTookBackIsNotedOnce() throws {
        try publish("one", "a")
        try publish("one", "b")
        try catalog.rollBack("one", from: "b", to: "a")
        for asked in ["first", "second"] { try catalog.note(withdrawn: ["one": asked]) }
        #expect(try catalog.standings(of: ["one"])["one"]?.withdrawn.map(\.asked) == ["first"])
    }

    @Test func whoeverPlansReadsAnOlderCatalogAndChangesNothing() throws {
        try publish("one")
        try DatabaseQueue(path: scratch.file).write { db in try db.execute(sql: undoStepsAfterTheFifth) }
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file))
        #expect(catalogError { _ = try CatalogReader(url: scratch.url) }?.code == .wrongSchema)
        let reader = try CatalogReader(url: scratch.url, mayBeOlder: true)
        #expect(try reader.standings(of: ["one"])["one"]?.version == "a")
        #expect(try reader.owners(of: ["one"]).isEmpty)
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file)) == before)
    }

    @Test func titlesAreClaimedAllOrNone() throws {
        #expect(try catalog.claim(["one", "other"], for: "m.yaml", from: [:]))
        #expect(try !catalog.claim(["other", "third"], for: "n.yaml", from: [:]), "another was faster")
        #expect(try catalog.owners(of: ["one", "other", "third"]) == ["one": "m.yaml", "other": "m.yaml"])
        #expect(try catalog.titles(ownedBy: "m.yaml").sorted() == ["one", "other"])
    }
}
