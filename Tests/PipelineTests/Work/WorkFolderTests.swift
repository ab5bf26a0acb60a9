import Foundation
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
        #expect(second.holder == nil)
        try second.takeLock()
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
