import Engine
import Foundation
import MediaModel
import Packaging
import TestSupport
import Testing

@testable import Pipeline

/// What Foundation's errors look like to people.
@Suite struct ErrorWordsTests {
    private func failure(_ body: () throws -> Void) throws -> any Error {
        do { try body() } catch { return error }
        throw CancellationError()
    }

    @Test func aFullDiskIsToldInTheSystemsWords() throws {
        let full = try failure { try Data([1]).write(to: URL(fileURLWithPath: "/dev/full")) }
        #expect(ErrorWords.line(full) == "/dev/full: No space left on device")
        let metrics = try failure { try RunMetrics.write("", to: "/nowhere/metrics") }
        #expect(ErrorWords.line(metrics) == "cannot write the metrics to '/nowhere/metrics': No such file or directory")
        #expect("\(PipelineError(.diskFull, "do it", "", underlying: full))" == "cannot do it: No space left on device")
    }

    @Test func everyRoomsErrorIsReadToItsBottom() throws {
        let full = POSIXError(.ENOSPC)
        let errors: [any Error] = [
            TransferError(.inputOutput, operation: "write", detail: "a", underlying: full),
            PackagingError(.diskFull, "write", "a", underlying: full),
        ]
        for error in errors {
            #expect(ErrorWords.line(error) == "write: a (No space left on device)")
            let outer = PipelineError(.title, "publish it", "", underlying: error)
            #expect(FailureReason.line(outer) == "cannot publish it: write: a (No space left on device)")
        }
    }

    @Test func aWorkFolderThatIsAFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("no folder", to: "work")
        let error = try failure { _ = try WorkFolder(path: path) }
        #expect(ErrorWords.line(error).hasPrefix("cannot use the work folder '\(path)': "))
        #expect(!ErrorWords.line(error).contains("Domain"))
    }
}
