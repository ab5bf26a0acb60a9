import Cataloging
import Foundation
import MediaModel
import Testing

/// A version's files do not go while a run makes it current, and a run does not make current what went.
@Suite struct RemovalsTests {
    let scratch: Scratch
    let catalog: Catalog
    private let id = "night-train"

    init() throws {
        scratch = try Scratch()
        catalog = try Catalog(url: scratch.url)
        try publish("a")
        try publish("b")
    }

    private func publish(_ version: String, removals: Int = 0) throws {
        var entry = sampleEntry(version: version, previous: try catalog.currentVersion(of: id))
        entry.removals = removals
        try catalog.publish(entry)
    }

    private var known: [String] { get throws { try catalog.versions(of: id).map(\.version).sorted() } }

    @Test func aSupersededVersionIsForgottenWithTheRemoval() throws {
        #expect(try catalog.beginRemoval(of: id, version: "a", isSuperseded: true))
        #expect(try known == ["b"])
    }

    /// Nothing is begun: a run that publishes it right now ends well.
    @Test(arguments: [("b", true), ("a", false), ("b", false)]) func whatIsNeededStays(_ version: String, isSuperseded: Bool) throws {
        #expect(try !catalog.beginRemoval(of: id, version: version, isSuperseded: isSuperseded))
        #expect(try known == ["a", "b"])
        #expect(try catalog.removals(of: id, version: version) == 0)
        try publish(version)
    }

    @Test func whoLookedBeforeARemovalDoesNotPublishAfterIt() throws {
        let before = try catalog.removals(of: id, version: "a")
        #expect(try catalog.beginRemoval(of: id, version: "a", isSuperseded: true))
        #expect(catalogError { try publish("a", removals: before) }?.code == .conflict)
        try catalog.endRemoval(of: id, version: "a")
        let error = catalogError { try publish("a", removals: before) }
        #expect(error?.code == .conflict && error?.description.contains("run again") == true)
        #expect(try catalog.currentVersion(of: id) == "b" && known == ["b"])
        try publish("a", removals: catalog.removals(of: id, version: "a"))
        #expect(try catalog.currentVersion(of: id) == "a")
    }

    /// Nobody knows of a stray, not even its title; a run may be making the title's first version.
    @Test func aStrayOfATitleThatIsNotThereYet() throws {
        #expect(try catalog.beginRemoval(of: "new", version: "a", isSuperseded: false))
        try catalog.endRemoval(of: "new", version: "a")
        #expect(try catalog.removals(of: "new", version: "a") == 1)
        #expect(try catalog.beginRemoval(of: "new", version: "a", isSuperseded: false))
        try catalog.endRemoval(of: "new", version: "a")
        #expect(try catalog.removals(of: "new", version: "a") == 2)
    }

    @Test func aRemovalThatNobodyEndedIsOverAfterAWhile() throws {
        #expect(try catalog.beginRemoval(of: id, version: "a", isSuperseded: true, now: 1000))
        let error = catalogError { _ = try catalog.removals(of: id, version: "a", now: 999 + Catalog.removalPatience) }
        #expect(error?.code == .conflict && error?.description.contains("'reelmill gc' is removing") == true)
        #expect(try catalog.removals(of: id, version: "a", now: 1000 + Catalog.removalPatience) == 1)
    }
}
