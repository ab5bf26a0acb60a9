import Cataloging
import Foundation
import MediaModel
import Testing
import Transcoding

@testable import Pipeline

/// Exit statuses, and the one line that a person reads.
@Suite struct RunReportTests {
    private func status(_ codes: [PipelineError.Code], interrupted: Bool = false) -> Int32 {
        RunReport(
            titles: codes.map { TitleReport(title: "film", state: .failed, reason: "", code: $0) }, wasInterrupted: interrupted
        ).exitStatus
    }

    @Test func theWorstIsTold() {
        #expect(status([]) == 0)
        #expect(status([.title]) == 1)
        #expect(status([.title, .diskFull]) == 74)
        #expect(status([.locked, .diskFull, .title]) == 75)
        #expect(status([.title, .unreachable, .locked]) == 69)
        #expect(status([.unreachable, .internalError]) == 70)
        #expect(status([.internalError], interrupted: true) == 130)
        #expect(status([], interrupted: true) == 130)
    }

    @Test func aFailureIsNeverASuccess() {
        #expect(status([.document]) == 1)
        #expect(status([PipelineError.Code(exitStatus: 99)]) == 1)
    }

    @Test func reasonsAreOneLine() {
        let error = TranscodingError(.damaged, "read 'film.mov'", "it is\nbroken")
        #expect(FailureReason.line(error) == "cannot read 'film.mov': it is broken")
    }

    @Test func stagesErrorsHaveTheirStatus() {
        #expect(FailureReason.code(of: TranscodingError(.damaged, "", "")) == .title)
        #expect(FailureReason.code(of: TranscodingError(.diskFull, "", "")) == .diskFull)
        #expect(FailureReason.code(of: TranscodingError(.interrupted, "", "")) == .interrupted)
        #expect(FailureReason.code(of: PipelineError(.unreachable, "", "")) == .unreachable)
        #expect(FailureReason.code(of: CocoaError(.fileWriteOutOfSpace)) == .diskFull)
    }

    @Test func whatCannotBeHadIsNoTitlesFault() {
        #expect(FailureReason.code(ofOpening: TransferError(.refused, operation: "", detail: "")) == .unreachable)
        #expect(FailureReason.code(ofOpening: TransferError(.cancelled, operation: "", detail: "")) == .interrupted)
        #expect(FailureReason.code(ofOpening: CatalogError(.diskFull, operation: "", detail: "")) == .diskFull)
        #expect(FailureReason.code(ofOpening: CocoaError(.fileWriteOutOfSpace)) == .diskFull)
        #expect(FailureReason.code(ofOpening: CocoaError(.fileWriteNoPermission)) == .unreachable)
    }
}
