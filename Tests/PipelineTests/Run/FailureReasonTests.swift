import Cataloging
import Engine
import Foundation
import GRDB
import MediaModel
import Packaging
import Testing
import Transcoding

@testable import Pipeline

@Suite struct FailureReasonTests {
    private func codes<Code>(_ codes: [Code], _ make: (Code) -> any Error) -> [PipelineError.Code] {
        codes.map { FailureReason.code(of: make($0)) }
    }

    @Test func titleIsToBlameUnlessTheMachineOrThePersonIs() {
        #expect(
            codes([.diskFull, .interrupted, .damaged, .output]) { TranscodingError($0, "", "") }
                == [.diskFull, .interrupted, .title, .title])
        #expect(codes([.diskFull, .mismatch, .fileSystem]) { PackagingError($0, "", "") } == [.diskFull, .title, .title])
        #expect(
            codes([.diskFull, .cancelled, .unreachable, .refused, .conflict, .inputOutput]) {
                TransferError($0, operation: "", detail: "")
            } == [.diskFull, .interrupted, .unreachable, .title, .title, .title])
        #expect(FailureReason.code(of: PipelineError(.locked, "", "")) == .locked)
        #expect(
            codes([.failed, .unreachable, .locked, .diskFull, .internalError, .interrupted]) { EngineError($0, "", "") }
                == [.title, .unreachable, .locked, .diskFull, .internalError, .interrupted])
        // What a worker has told stands for the error that it could not send.
        #expect(FailureReason.code(of: ReportedFailure(exitStatus: 74, reason: "")) == .diskFull)
        #expect(FailureReason.code(of: CocoaError(.fileWriteOutOfSpace)) == .diskFull)
        #expect(FailureReason.code(of: CocoaError(.fileNoSuchFile)) == .title)
    }

    @Test func catalogThatCannotBeHadIsNoTitlesFault() {
        #expect(
            codes([.diskFull, .conflict, .unknownTitle, .badAddress, .locked, .readOnly, .wrongSchema, .other, .beingRemoved]) {
                CatalogError($0, operation: "", detail: "")
            } == [.diskFull, .title, .title, .usage, .unreachable, .unreachable, .unreachable, .unreachable, .locked])
        #expect(codes([.SQLITE_FULL, .SQLITE_BUSY]) { DatabaseError(resultCode: $0) } == [.diskFull, .unreachable])
    }

    @Test func whatCannotBeOpenedCannotBeReached() {
        #expect(FailureReason.code(ofOpening: CocoaError(.fileNoSuchFile)) == .unreachable)
        #expect(FailureReason.code(ofOpening: TransferError(.refused, operation: "", detail: "")) == .unreachable)
        #expect(FailureReason.code(ofOpening: CocoaError(.fileWriteOutOfSpace)) == .diskFull)
    }
}
