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

    private func begin(_ version: String = "a", now: Int64 = 1000) throws -> Int? {
        try catalog.beginRemoval(of: id, version: version, isSuperseded: true, now: now)
    }

    private func removals(now: Int64) throws -> Int { try catalog.removals(of: id, version: "a", now: now) }

    @Test func aSupersededVersionIsForgottenWithTheRemoval() throws {
        #expect(try begin() == 1)
        #expect(try known == ["b"])
    }

    /// Nothing is begun: a run that publishes it right now ends well.
    @Test(arguments: [("b", true), ("a", false), ("b", false)]) func whatIsNeededStays(_ version: String, isSuperseded: Bool) throws {
        #expect(try catalog.beginRemoval(of: id, version: version, isSuperseded: isSuperseded) == nil)
        #expect(try known == ["a", "b"])
        #expect(try catalog.removals(of: id, version: version) == 0)
        try publish(version)
    }

    @Test func whoLookedBeforeARemovalDoesNotPublishAfterIt() throws {
        let before = try removals(now: 1000)
        let lease = try #require(try begin())
        #expect(catalogError { try publish("a", removals: before) }?.code == .conflict)
        #expect(try catalog.endRemoval(of: id, version: "a", lease: lease))
        let error = catalogError { try publish("a", removals: before) }
        #expect(error?.code == .conflict && error?.description.contains("run again") == true)
        #expect(try catalog.currentVersion(of: id) == "b" && known == ["b"])
        try publish("a", removals: removals(now: 1000))
        #expect(try catalog.currentVersion(of: id) == "a")
    }

    @Test func whoseFilesVanishIsToldWhy() throws {
        let vanished = { catalogError { try catalog.demandNoRemoval(of: id, version: "a", since: 0) }?.code }
        #expect(vanished() == nil)
        let lease = try #require(try catalog.beginRemoval(of: id, version: "a", isSuperseded: true))
        #expect(vanished() == .beingRemoved)
        #expect(try catalog.endRemoval(of: id, version: "a", lease: lease))
        #expect(vanished() == .conflict)
    }

    /// Nobody knows of a stray, not even its title; a run may be making the title's first version.
    @Test(arguments: 1...2) func aStrayOfATitleThatIsNotThereYet(times: Int) throws {
        for lease in 1...times {
            #expect(try catalog.beginRemoval(of: "new", version: "a", isSuperseded: false) == lease)
            #expect(try catalog.endRemoval(of: "new", version: "a", lease: lease))
        }
        #expect(try catalog.removals(of: "new", version: "a") == times)
    }

    @Test func nobodyComesInWhileARemovalIsHeardOf() throws {
        let lease = try #require(try begin())
        var last: Int64 = 1000
        for _ in 1...3 {
            let now = last + Catalog.removalPatience - 1
            let run = catalogError { _ = try removals(now: now) }
            #expect(run?.code == .beingRemoved && run?.description.contains("'reelmill gc' is removing") == true)
            #expect(catalogError { _ = try begin(now: now) }?.code == .beingRemoved)
            #expect(try catalog.renewRemoval(of: id, version: "a", lease: lease, now: now))
            last = now
        }
        #expect(try catalog.endRemoval(of: id, version: "a", lease: lease))
        #expect(try removals(now: last) == lease)
    }

    /// It may have been held up only, and must learn that it is late.
    @Test func aRunTakesOverFromARemovalThatIsNotHeardOf() throws {
        let lease = try #require(try begin())
        let later = 1000 + Catalog.removalPatience
        let removals = try removals(now: later)
        #expect(removals == lease + 1)
        #expect(try !catalog.renewRemoval(of: id, version: "a", lease: lease, now: later))
        #expect(try !catalog.endRemoval(of: id, version: "a", lease: lease))
        #expect(try self.removals(now: later) == removals, "what is taken over once is so for all")
        try publish("a", removals: removals)
        #expect(try catalog.currentVersion(of: id) == "a")
    }

    /// The first `gc` ends when the second has begun: that must not let a run in.
    @Test func theEndOfOneRemovalDoesNotEndAnothers() throws {
        let first = try #require(try begin())
        let later = 1000 + Catalog.removalPatience
        let second = try #require(try begin(now: later))
        #expect(second == first + 1)
        #expect(try !catalog.endRemoval(of: id, version: "a", lease: first))
        #expect(catalogError { _ = try removals(now: later) }?.code == .beingRemoved)
        #expect(try catalog.renewRemoval(of: id, version: "a", lease: second, now: later))
    }

    /// A lease that was given back is nobody's.
    @Test func whatHasEndedIsNotRenewed() throws {
        let lease = try #require(try begin())
        #expect(try catalog.endRemoval(of: id, version: "a", lease: lease))
        #expect(try !catalog.renewRemoval(of: id, version: "a", lease: lease))
        #expect(try removals(now: 1000) == lease)
    }

    /// A clock was wrong by years when `gc` was killed; one that is ahead a little is no sign of death.
    @Test func whatBeganInYearsToComeIsOver() throws {
        let lease = try #require(try begin(now: 1000 + Catalog.removalPatience))
        #expect(catalogError { _ = try removals(now: 1001) }?.code == .beingRemoved)
        #expect(try removals(now: 1000) == lease + 1)
    }
}
