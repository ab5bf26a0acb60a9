import Foundation
import Glibc
import TestSupport
import Testing

@testable import Pipeline

/// One run at a time owns the folder.
@Suite struct WorkFolderTests {
    @Test func theLockIsHeldUntilItsOwnerIsGone() throws {
        let folder = try TemporaryFolder()
        var first: WorkFolder? = try WorkFolder(path: folder.file("work"))
        try first?.takeLock()
        let second = try WorkFolder(path: folder.file("work"))
        let error = #expect(throws: PipelineError.self) { try second.takeLock() }
        #expect(error?.code == .locked && error?.code.exitStatus == 75)
        #expect(error?.description.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
        #expect(second.holder == "\(ProcessInfo.processInfo.processIdentifier)")
        first = nil
        // A program that another test starts at this very moment holds a copy of every descriptor until it is another program.
        for _ in 0..<100 where second.holder != nil { usleep(20_000) }
        #expect(second.holder == nil)
        try second.takeLock()
    }

    @Test func whoOnlyLooksKeepsNobodyOut() throws {
        let folder = try TemporaryFolder()
        let work = try WorkFolder(path: folder.file("work"))
        try work.takeLock()
        work.releaseLock()
        // What `status` does for an instant, a little longer.
        let look = open(folder.file("work/lock"), O_RDONLY)
        #expect(flock(look, LOCK_SH) == 0)
        Thread.detachNewThread {
            usleep(100_000)
            close(look)
        }
        try work.takeLock()
    }

    @Test func aFolderThatIsNotThereIsFree() throws {
        let folder = try TemporaryFolder()
        try WorkFolder.demandFree(folder.file("work"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("work")))
        let work = try WorkFolder(path: folder.file("work"))
        try work.takeLock()
        let error = #expect(throws: PipelineError.self) { try WorkFolder.demandFree(folder.file("work")) }
        #expect(error?.code == .locked)
    }

    @Test func whatAKilledRunLeftIsRemovedWithTheLock() throws {
        let folder = try TemporaryFolder()
        let work = try WorkFolder(path: folder.file("work"))
        let inTheMaking = try work.artefacts.begin()
        try work.takeLock()
        #expect(!FileManager.default.fileExists(atPath: inTheMaking))
    }

    @Test func aPlaceThatCannotBeUsedIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("a file", to: "work")
        let error = #expect(throws: PipelineError.self) { try WorkFolder(path: folder.file("work")) }
        #expect(error?.code == .unreachable)
        #expect(error?.description.contains(folder.file("work")) == true)
    }
}
