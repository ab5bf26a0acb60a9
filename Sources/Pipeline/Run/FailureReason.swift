import Cataloging
import Engine
import Foundation
import GRDB
import MediaModel
import Packaging
import Storage
import Transcoding

/// What a stage's error means for the batch: the exit status, and one line for a person.
package enum FailureReason {
    /// What a command ends with; a stage's own error says nothing of the rest of the command.
    package static func exitStatus(of error: any Error) -> Int32 {
        error is PipelineError || error is EngineError ? code(of: error).exitStatus : PipelineError.Code.title.exitStatus
    }

    static func code(of error: any Error) -> PipelineError.Code {
        switch error {
        case let error as PipelineError: error.code
        case let error as EngineError: code(of: error)
        case let error as ReportedFailure: PipelineError.Code(exitStatus: error.exitStatus)
        case is DocumentErrors: .document
        case let error as TranscodingError where error.code == .diskFull: .diskFull
        case let error as TranscodingError where error.code == .interrupted: .interrupted
        case let error as PackagingError where error.code == .diskFull: .diskFull
        case let error as TransferError where error.code == .diskFull: .diskFull
        case let error as TransferError where error.code == .cancelled: .interrupted
        case let error as TransferError where error.code == .unreachable: .unreachable
        case let error as CatalogError where error.code == .diskFull: .diskFull
        case let error as CatalogError where error.code == .conflict || error.code == .unknownTitle: .title
        case let error as CatalogError where error.code == .beingRemoved: .locked
        // A manifest's was looked at when it was read: this one is the command line's.
        case let error as CatalogError where error.code == .badAddress: .usage
        case is CatalogError: .unreachable
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL: .diskFull
        case is DatabaseError: .unreachable
        case let error as CocoaError where error.code == .fileWriteOutOfSpace: .diskFull
        default: .title
        }
    }

    private static func code(of error: EngineError) -> PipelineError.Code {
        switch error.code {
        case .failed: .title
        case .unreachable: .unreachable
        case .locked: .locked
        case .diskFull: .diskFull
        case .internalError: .internalError
        case .interrupted: .interrupted
        }
    }

    /// What it means that the store, the catalog or the work folder cannot be had: no title is to blame.
    static func code(ofOpening error: any Error) -> PipelineError.Code {
        let code = code(of: error)
        return code == .title ? .unreachable : code
    }

    /// What it means that a published package cannot be read: a bucket that says no, as to wrong credentials, says nothing of the package.
    static func code(of error: any Error, reading place: PackageCheck.Place) -> PipelineError.Code {
        if case .bucket = place, (error as? TransferError)?.code == .refused { return .unreachable }
        return code(of: error)
    }

    /// One line for people, without any password.
    static func line(_ error: any Error) -> String { ErrorWords.line(error) }
}
