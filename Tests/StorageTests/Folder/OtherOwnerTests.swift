import FileSystem
import Foundation
import Glibc
import MediaModel
import TestSupport
import Testing

@testable import Storage

/// A title's folder that another user made: what cannot be published there is told before any work, all else is published.
@Suite struct OtherOwnerTests {
    private let disk: TemporaryFolder
    private let store: FolderStore

    init() throws {
        disk = try TemporaryFolder()
        store = FolderStore(root: disk.file("store"))
        let staged = try StagedPackage()
        _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
    }

    private func permit(_ permissions: Int, _ name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: disk.file(name))
    }

    /// Runs it without the rights of root over files, where this process has them: this thread alone is somebody else for so long.
    private func asSomebodyElse(_ body: () throws -> Void) throws {
        guard geteuid() == 0 else { return try body() }
        typealias Call = @convention(c) (uid_t) -> CInt
        let symbol = try #require(unsafe dlsym(nil, "setfsuid"))
        let setUser = unsafe unsafeBitCast(symbol, to: Call.self)
        _ = setUser(65_534)
        defer { _ = setUser(0) }
        try body()
    }

    @Test func aLockThatCannotBeWrittenIsLockedAllTheSame() throws {
        let staged = try StagedPackage(version: "fedcba9876543210")
        try permit(0o444, "store/night-train/.lock")
        try permit(0o777, "store/night-train")
        try asSomebodyElse {
            try store.demandWritable("night-train")
            _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: "0123456789abcdef")
            let held = try OpenFile(toLock: disk.file("store/night-train/.lock"))
            try held.lock(isStopped: { false })
            let other = try OpenFile(toLock: disk.file("store/night-train/.lock"))
            let error = #expect(throws: TransferError.self) { try other.lock(isStopped: { true }) }
            #expect(error?.code == .cancelled)
        }
        #expect(try store.holds(title: "night-train", version: staged.package.version))
    }

    @Test func whatAnothersDeadRunLeftHoldsNobodyUp() throws {
        let staged = try StagedPackage(version: "fedcba9876543210")
        let left = "store/night-train/.0123456789abcdef.partial-1"
        try disk.write("half", to: "\(left)/1.m4s")
        try permit(0o555, left)
        defer { try? permit(0o755, left) }
        try permit(0o777, "store/night-train")
        try asSomebodyElse { _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil) }
        #expect(try store.holds(title: "night-train", version: staged.package.version))
        try permit(0o444, "store/night-train/.lock")
        var removed = 0
        try asSomebodyElse { removed = try store.delete(title: "night-train", version: staged.package.version) }
        #expect(removed > 0)
        #expect(try store.leftovers(of: "night-train").count == 1)
    }

    @Test func aLockThatCannotEvenBeReadIsToldBeforeAnyWork() throws {
        try permit(0o000, "store/night-train/.lock")
        try asSomebodyElse {
            let error = #expect(throws: TransferError.self) { try store.demandWritable("night-train") }
            #expect(error?.code == .unreachable && error?.detail.hasSuffix("/night-train/.lock: Permission denied") == true)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func aTitlesFolderThatCannotBeWrittenIsToldBeforeAnyWork() throws {
        try permit(0o555, "store/night-train")
        defer { try? permit(0o755, "store/night-train") }
        let error = #expect(throws: TransferError.self) { try store.demandWritable("night-train") }
        #expect(error?.code == .unreachable && error?.detail.contains("/store/night-train: ") == true)
        try store.demandWritable("other")
    }

    /// A link would lead out of the store.
    @Test(arguments: ["file", "link"])
    func whatIsNoFolderIsToldBeforeAnyWork(kind: String) throws {
        if kind == "file" {
            try disk.write("", to: "store/other")
        } else {
            try FileManager.default.createSymbolicLink(atPath: disk.file("store/other"), withDestinationPath: "night-train")
        }
        let error = #expect(throws: TransferError.self) { try store.demandWritable("other") }
        #expect(error?.code == .unreachable)
    }
}
