import Foundation
import Glibc
import TestSupport
import Testing

@testable import Engine

/// One run at a time owns the folder.
@Suite struct WorkFolderTests {
    @Test func theLockIsHeldUntilItsOwnerIsGone() throws {
        let folder = try TemporaryFolder()
        var first: WorkFolder? = try WorkFolder(path: folder.file("work"), listed: nil)
        try first?.takeLock()
        let second = try WorkFolder(path: folder.file("work"), listed: nil)
        let error = #expect(throws: EngineError.self) { try second.takeLock() }
        #expect(error?.code == .locked)
        #expect(error?.description.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
        #expect(second.holder == "\(ProcessInfo.processInfo.processIdentifier)")
        first = nil
        #expect(second.holder == nil)
        try second.takeLock()
    }

    /// However slow they are, and however many.
    @Test func whoOnlyLooksKeepsNobodyOut() throws {
        let folder = try TemporaryFolder()
        let work = try WorkFolder(path: folder.file("work"), listed: nil)
        try work.takeLock()
        work.releaseLock()
        let looks = (0..<3).map { _ in open(folder.file("work/lock"), O_RDONLY | O_CLOEXEC) }
        defer { looks.forEach { close($0) } }
        #expect(looks.allSatisfy { $0 >= 0 && !FileLock.isHeld($0) })
        try work.takeLock()
        #expect(looks.allSatisfy(FileLock.isHeld))
    }

    /// A program that is being started has a copy of every open file until it is another program.
    @Test func aCopyOfTheFileHoldsNothingOnceItIsReleased() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "lock")
        let first = open(path, O_RDWR | O_CLOEXEC)
        let copy = dup(first)
        let second = open(path, O_RDWR | O_CLOEXEC)
        defer { for descriptor in [copy, second] { close(descriptor) } }
        #expect(FileLock.take(first) && !FileLock.take(second) && FileLock.isHeld(second))
        FileLock.release(first)
        close(first)
        #expect(!FileLock.isHeld(second) && FileLock.take(second))
    }

    @Test func aFolderThatIsNotThereIsFree() throws {
        let folder = try TemporaryFolder()
        try WorkFolder.demandFree(folder.file("work"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("work")))
        let work = try WorkFolder(path: folder.file("work"), listed: nil)
        try work.takeLock()
        let error = #expect(throws: EngineError.self) { try WorkFolder.demandFree(folder.file("work")) }
        #expect(error?.code == .locked)
    }

    @Test func aPlaceThatCannotBeUsedIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("a file", to: "work")
        let error = #expect(throws: EngineError.self) { try WorkFolder(path: folder.file("work"), listed: nil) }
        #expect(error?.code == .unreachable)
        #expect(error?.description.contains(folder.file("work")) == true)
    }
}
