import Foundation
import Glibc
import TestSupport
import Testing

@testable import Storage

/// What lies in a store for nothing is found, and only that is removed.
@Suite struct FolderStoreUpkeepTests {
    private let disk: TemporaryFolder
    private let store: FolderStore
    private let version = "0123456789abcdef"

    init() throws {
        disk = try TemporaryFolder()
        store = FolderStore(root: disk.file("store"))
    }

    private func publish() throws {
        let staged = try StagedPackage()
        _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
    }

    private func age(_ name: String) throws {
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: disk.file(name))
    }

    @Test func whatDeadRunsLeftIsListedAndRemoved() throws {
        try publish()
        for name in ["fedcba9876543210.partial-1", "\(version).partial-7-broken", "\(version).partial-removed"] {
            try disk.write("half", to: "store/night-train/.\(name)/video/1.m4s")
        }
        try disk.write("mine", to: "store/night-train/.notes/x")
        try age("store/night-train/.fedcba9876543210.partial-1")
        let found = try store.leftovers(of: "night-train")
        #expect(found.map(\.name) == [".\(version).partial-7-broken", ".\(version).partial-removed", ".fedcba9876543210.partial-1"])
        #expect(found.last?.changedAt == Date(timeIntervalSince1970: 0) && found[0].changedAt > Date(timeIntervalSinceNow: -60))
        try store.remove(found[0])
        #expect(try store.leftovers(of: "night-train") == Array(found[1...]))
        #expect(try store.leftovers(of: "nobody").isEmpty)
        // With a version goes what is left of its title.
        #expect(try store.delete(title: "night-train", version: version) > 0)
        #expect(try disk.listing() == ["store/night-train/.lock", "store/night-train/.notes/x"])
    }

    @Test func nothingElseIsTakenForALeftover() throws {
        try publish()
        let before = try disk.listing()
        for name in [version, "", ".", "..", ".lock", "../night-train/\(version)"] {
            try store.remove(Leftover(title: "night-train", name: name, changedAt: Date()))
        }
        #expect(try disk.listing() == before)
    }

    @Test func whatHasNoReadableTimeIsYoung() { #expect(store.changed(disk.file("nowhere")) == .distantFuture) }

    @Test func whatIsNeededAtTheLastMomentStays() throws {
        try publish()
        #expect(try store.delete(title: "night-train", version: version, unless: { true }) == 0)
        #expect(try store.holds(title: "night-train", version: version))
    }

    /// A run that finds everything there writes nothing, but is about to make the version current.
    @Test func aVersionThatIsPublishedAgainIsYoung() throws {
        try publish()
        try age("store/night-train/\(version)")
        try publish()
        let stored = try #require(try store.stored(title: "night-train", version: version))
        #expect(stored.changedAt > Date(timeIntervalSinceNow: -60))
    }
}
