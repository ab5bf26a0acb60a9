import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// A program whose standard files were closed writes into none of its own.
@Suite struct StandardFilesTests {
    private func shell(_ line: String) throws -> ProgramResult { try Program.run("sh", ["-c", line, "sh", Batch.program]) }

    @Test(arguments: [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
    func theLockHoldsNothingButTheProcess(_ closed: String) throws {
        let batch = try Batch()
        try batch.manifest([("film", "missing.mp4", "Film")])
        let run = try shell("exec \"$1\" run \(batch.folder.file("manifest.yaml")) --events - \(closed)")
        #expect(run.status == 1, "\(run)")
        let lock = String(decoding: try batch.folder.bytes(of: ".reelmill/lock"), as: UTF8.self)
        #expect(Int(lock) != nil, "\(lock)")
    }

    @Test func aResultThatReachesNobodyIsAnError() throws {
        let schema = try shell("exec \"$1\" schema manifest >&-")
        #expect(schema.status == 74 && schema.errors.contains("cannot write the result"), "\(schema)")
        #expect(try shell("exec \"$1\" schema manifest 2>&-").status == 0)
    }
}
