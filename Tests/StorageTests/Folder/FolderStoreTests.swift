import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Storage

@Suite struct FolderStoreTests {
    let disk: TemporaryFolder
    let store: FolderStore

    init() throws {
        disk = try TemporaryFolder()
        store = FolderStore(root: disk.file("store"))
    }

    func versionFolder(_ staged: StagedPackage) -> String { "store/\(staged.package.id)/\(staged.package.version)" }

    func publish(_ staged: StagedPackage, after previous: StagedPackage? = nil) throws -> String {
        try store.publish(staged: staged.path, package: staged.package, previousVersion: previous?.package.version)
    }

    func inode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
    }

    func permissions(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func publishedPackageIsWholeUnderItsVersion() throws {
        let staged = try StagedPackage()
        #expect(try !store.holds(title: "night-train", version: "0123456789abcdef"))
        let location = try publish(staged)
        #expect(location == "file://\(disk.path)/store/night-train/0123456789abcdef")
        #expect(try store.holds(title: "night-train", version: "0123456789abcdef"))
        let expected = (StagedPackage.usualFiles.keys + ["package.json"]).map { "\(versionFolder(staged))/\($0)" }
        #expect(try disk.listing().filter { !$0.hasSuffix("/.lock") } == expected.sorted())
        #expect(try disk.bytes(of: "\(versionFolder(staged))/video/360p/00002.m4s") == Array("two".utf8))
    }

    @Test func anythingThatIsNotListedStaysOut() throws {
        let staged = try StagedPackage()
        try staged.folder.write("draft", to: "video/360p/notes.txt")
        _ = try publish(staged)
        #expect(try !disk.listing().contains { $0.hasSuffix("notes.txt") })
    }

    @Test func locationIsAURLWhateverTheFolderIsCalled() throws {
        let staged = try StagedPackage()
        let store = FolderStore(root: disk.file("my store"))
        let location = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        #expect(location.hasSuffix("/my%20store/night-train/0123456789abcdef"))
        #expect(FileManager.default.fileExists(atPath: try #require(URL(string: location)).path))
    }

    @Test func publishingAgainChangesNothing() throws {
        let staged = try StagedPackage()
        let first = try publish(staged)
        let before = try inode(disk.file(versionFolder(staged)))
        #expect(try publish(staged) == first)
        #expect(try inode(disk.file(versionFolder(staged))) == before)
    }

    @Test func unchangedFilesAreTakenOverAndTheOldVersionStays() throws {
        let old = try StagedPackage()
        _ = try publish(old)
        var files = StagedPackage.usualFiles
        files["video/360p/00002.m4s"] = "deux"
        let new = try StagedPackage(version: "fedcba9876543210", files: files)
        _ = try publish(new, after: old)
        let kept = "video/360p/00001.m4s"
        #expect(try inode(disk.file("\(versionFolder(new))/\(kept)")) == inode(disk.file("\(versionFolder(old))/\(kept)")))
        #expect(try disk.bytes(of: "\(versionFolder(new))/video/360p/00002.m4s") == Array("deux".utf8))
        #expect(try disk.bytes(of: "\(versionFolder(old))/video/360p/00002.m4s") == Array("two".utf8))
        #expect(try store.holds(title: "night-train", version: old.package.version))
    }

    @Test func damageInThePreviousVersionIsNotTakenOver() throws {
        let old = try StagedPackage()
        _ = try publish(old)
        let rotten = disk.file("\(versionFolder(old))/video/360p/00001.m4s")
        try FileManager.default.removeItem(atPath: rotten)
        try disk.write("0ne", to: "\(versionFolder(old))/video/360p/00001.m4s")
        let new = try StagedPackage(version: "fedcba9876543210")
        _ = try publish(new, after: old)
        #expect(try disk.bytes(of: "\(versionFolder(new))/video/360p/00001.m4s") == Array("one".utf8))
    }

    @Test func previousVersionMayBeGone() throws {
        let staged = try StagedPackage()
        _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: "aaaaaaaaaaaaaaaa")
        #expect(try store.holds(title: "night-train", version: staged.package.version))
    }

    @Test(arguments: ["video/360p/00001.m4s", "package.json"])
    func brokenVersionIsReplacedByAWholeOne(lost: String) throws {
        let staged = try StagedPackage()
        _ = try publish(staged)
        try FileManager.default.removeItem(atPath: disk.file("\(versionFolder(staged))/\(lost)"))
        #expect(try !store.holds(title: "night-train", version: staged.package.version))
        _ = try publish(staged)
        #expect(try store.holds(title: "night-train", version: staged.package.version))
        #expect(try !disk.listing().contains { $0.contains(".partial-") })
    }

    @Test func silentDamageOfTheRightSizeIsRepairedToo() throws {
        let staged = try StagedPackage()
        _ = try publish(staged)
        let name = "\(versionFolder(staged))/video/360p/00001.m4s"
        try FileManager.default.removeItem(atPath: disk.file(name))
        try disk.write("0ne", to: name)
        _ = try publish(staged)
        #expect(try disk.bytes(of: name) == Array("one".utf8))
    }

    /// What a run has linked to from its work folder shows the same flipped bit: no byte of it is written over, and no other file is
    /// touched.
    @Test(arguments: ["video/360p/00001.m4s", "package.json"])
    func aBrokenFileIsReplacedByARenameAlone(name: String) throws {
        let staged = try StagedPackage()
        _ = try publish(staged)
        let (file, other) = (disk.file("\(versionFolder(staged))/\(name)"), disk.file("\(versionFolder(staged))/index.m3u8"))
        let whole = try disk.bytes(of: "\(versionFolder(staged))/\(name)")
        try FileManager.default.removeItem(atPath: file)
        var broken = whole
        broken[broken.count / 2] ^= 1
        try Data(broken).write(to: URL(fileURLWithPath: file))
        try FileManager.default.linkItem(atPath: file, toPath: disk.file("elsewhere"))
        let before = (folder: try inode(disk.file(versionFolder(staged))), other: try inode(other))
        _ = try publish(staged, after: staged)
        #expect(try disk.bytes(of: "\(versionFolder(staged))/\(name)") == whole)
        #expect(try disk.bytes(of: "elsewhere") == broken)
        #expect(try inode(disk.file(versionFolder(staged))) == before.folder && inode(other) == before.other)
        #expect(try !disk.listing().contains { $0.contains(".partial-") })
    }

    @Test func anotherWholePackageUnderTheSameVersionIsNeverOverwritten() throws {
        let first = try StagedPackage()
        _ = try publish(first)
        let second = try StagedPackage(files: ["index.m3u8": "#EXTM3U8"])
        let error = try #require(throws: TransferError.self) { try publish(second) }
        #expect(error.code == .conflict)
        #expect(error.description.contains(versionFolder(first)))
        #expect(try disk.bytes(of: "\(versionFolder(first))/index.m3u8") == Array("#EXTM3U".utf8))
    }

    @Test func whatDeadRunsLeftIsRemoved() throws {
        try disk.write("half", to: "store/night-train/.0123456789abcdef.partial-1/video/360p/00001.m4s")
        try disk.write("half", to: "store/other/.0123456789abcdef.partial-1/video/360p/00001.m4s")
        _ = try publish(try StagedPackage())
        let leftovers = try disk.listing().filter { $0.contains(".partial-") }
        #expect(leftovers == ["store/other/.0123456789abcdef.partial-1/video/360p/00001.m4s"])
    }

    @Test func filesAreReadableByAllHoweverTheyWereStaged() throws {
        let staged = try StagedPackage()
        for name in ["video/360p/00001.m4s", "package.json"] {
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: staged.folder.file(name))
        }
        _ = try publish(staged)
        // Asking with umask(2) would set it, for every thread.
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Umask:") })
        let mask = try #require(Int(line.dropFirst("Umask:".count).trimmingCharacters(in: .whitespaces), radix: 8))
        #expect(try permissions(disk.file("\(versionFolder(staged))/video/360p/00001.m4s")) == 0o644 & ~mask)
        #expect(try permissions(disk.file("\(versionFolder(staged))/package.json")) == 0o644 & ~mask)
        #expect(try permissions(disk.file("\(versionFolder(staged))/video")) == 0o755 & ~mask)
    }

    @Test func twoRunsThatPublishTheSameTitleBothSucceed() async throws {
        let staged = try StagedPackage()
        let locations = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 {
                group.addTask { try store.publish(staged: staged.path, package: staged.package, previousVersion: nil) }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(locations.count == 1)
        #expect(try store.holds(title: "night-train", version: staged.package.version))
    }

    @Test func fileInPlaceOfTheStoreIsUnreachable() throws {
        try disk.write("not a folder", to: "store")
        let error = try #require(throws: TransferError.self) { try publish(try StagedPackage()) }
        #expect(error.code == .unreachable)
        #expect(error.description.contains(disk.file("store")))
    }

    @Test(arguments: ["/dev/full/store", "/proc/store"])
    func storeThatCannotBeMadeSaysWhere(root: String) throws {
        let staged = try StagedPackage()
        let error = try #require(throws: TransferError.self) {
            try FolderStore(root: root).publish(staged: staged.path, package: staged.package, previousVersion: nil)
        }
        #expect(error.description.contains(root))
    }
}
