import Cataloging
import Foundation
import GRDB
import Packaging
import Publishing
import Transcoding

/// What a stage's error means for the batch: the exit status, and one line for a person.
enum FailureReason {
    static func code(of error: any Error) -> PipelineError.Code {
        switch error {
        case let error as PipelineError: error.code
        case let error as TranscodingError: error.code == .diskFull ? .diskFull : error.code == .interrupted ? .interrupted : .title
        case let error as PackagingError: error.code == .diskFull ? .diskFull : .title
        case let error as PublishingError:
            error.code == .diskFull
                ? .diskFull : error.code == .unreachable ? .unreachable : error.code == .cancelled ? .interrupted : .title
        case let error as CatalogError: code(of: error)
        case let error as DatabaseError: error.resultCode == .SQLITE_FULL ? .diskFull : .unreachable
        case let error as CocoaError where error.code == .fileWriteOutOfSpace: .diskFull
        default: .title
        }
    }

    /// What it means that the store, the catalog or the work folder cannot be had: no title is to blame.
    static func code(ofOpening error: any Error) -> PipelineError.Code {
        let code = code(of: error)
        return code == .title ? .unreachable : code
    }

    private static func code(of error: CatalogError) -> PipelineError.Code {
        switch error.code {
        case .diskFull: .diskFull
        case .conflict, .unknownTitle: .title
        // A manifest's was looked at when it was read: this one is the command line's.
        case .badAddress: .usage
        default: .unreachable
        }
    }

    static func line(_ error: any Error) -> String {
        "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
