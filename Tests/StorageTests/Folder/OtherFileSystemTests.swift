import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Storage

/// Staging and store on different file systems, and a full one. `/dev/shm` is another file system than the temporary folder on the machines
/// that we know; where it is not there, these tests are skipped.
@Suite(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm"), "there is no /dev/shm to write to"))
struct FileSystemTests {
    @Test func packageIsCopiedToAnotherFileSystem() throws {
        let root = "/dev/shm/reelmill-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let staged = try StagedPackage()
        let store = FolderStore(root: root)
        _ = try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        #expect(try store.holds(title: "night-train", version: staged.package.version))
        let copy = "\(root)/night-train/\(staged.package.version)/video/360p/00001.m4s"
        #expect(FileManager.default.contents(atPath: copy) == Data("one".utf8))
    }
}
