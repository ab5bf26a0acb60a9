import Cataloging
import Foundation
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
        case let error as CatalogError:
            error.code == .diskFull ? .diskFull : error.code == .conflict || error.code == .unknownTitle ? .title : .unreachable
        case let error as CocoaError where error.code == .fileWriteOutOfSpace: .diskFull
        default: .title
        }
    }

    static func line(_ error: any Error) -> String {
        "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
