import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Storage

/// A store that is reached by a symbolic link is the folder that the link leads to, under the link's name.
@Suite struct LinkedStoreTests {
    private let disk: TemporaryFolder
    private let staged: StagedPackage

    init() throws {
        disk = try TemporaryFolder()
        staged = try StagedPackage()
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: disk.file(name), withDestinationPath: target)
    }

    private func folder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: disk.file(name), withIntermediateDirectories: true)
    }

    @Test func aLinkIsAStoreLikeAnother() throws {
        try folder("disk")
        try link("store", to: "disk")
        let store = FolderStore(root: disk.file("store"))
        try store.demandWritable("night-train")
        let version = staged.package.version
        let location = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        // What the catalog holds is the name, which may lead to another disk one day.
        #expect(location == "file://\(disk.path)/store/night-train/\(version)")
        #expect(store.location(title: "night-train", version: version) == location)
        #expect(try store.holds(title: "night-train", version: version))
        #expect(try disk.bytes(of: "disk/night-train/\(version)/video/360p/00001.m4s") == Array("one".utf8))
        // Who cleans up sees what is there.
        #expect(try store.titles() == ["night-train"] && store.versions(of: "night-train") == [version])
        try disk.write("half", to: "disk/night-train/.\(version).partial-1/1.m4s")
        for leftover in try store.leftovers(of: "night-train") { try store.remove(leftover) }
        #expect(try store.leftovers(of: "night-train").isEmpty)
        #expect(try store.delete(title: "night-train", version: version) > 0)
    }

    @Test func aLinkAboveTheStoreIsFollowed() throws {
        try folder("disk")
        try link("mount", to: "disk")
        let store = FolderStore(root: disk.file("mount/deep/store"))
        try store.demandWritable("night-train")
        let location = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        #expect(location == "file://\(disk.path)/mount/deep/store/night-train/\(staged.package.version)")
        // The next run's store is there already.
        let next = FolderStore(root: disk.file("mount/deep/store"))
        #expect(try next.publish(staged: staged.path, package: staged.package, previousVersion: nil) == location)
        #expect(try next.titles() == ["night-train"])
    }

    /// As where a disk is not mounted: told before hours of work.
    @Test func aLinkThatLeadsNowhereIsNoStore() throws {
        try link("store", to: "nowhere")
        let error = #expect(throws: TransferError.self) { try FolderStore(root: disk.file("store")).demandWritable("night-train") }
        #expect(error?.code == .unreachable && error?.detail.contains(disk.file("store")) == true)
    }
}
