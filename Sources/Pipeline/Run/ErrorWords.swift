import Engine
import Foundation
import Glibc
import MediaModel
import Packaging
import Planning

/// What errors say to people: one line, no password, and of Foundation's errors the system's own words instead of all their fields.
package enum ErrorWords {
    package static func line(_ error: any Error) -> String {
        // What nobody has given a place keeps Foundation's.
        let place = system(error).flatMap { _ in (error as NSError).userInfo[NSFilePathErrorKey] as? String }
        let words = place.map { "\($0): \(text(error))" } ?? text(error)
        return ShownAddress.clean(words.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    /// As it describes itself, but for what Foundation said at its bottom.
    static func text(_ error: any Error) -> String {
        switch error {
        case let error as TransferError:
            "\(TransferError(error.code, operation: error.operation, detail: error.detail, underlying: error.underlying.map(Said.init)))"
        case let error as PackagingError:
            "\(PackagingError(error.code, error.operation, error.detail, underlying: error.underlying.map(Said.init)))"
        case let error as EngineError:
            "\(EngineError(error.code, error.operation, error.detail, underlying: error.underlying.map(Said.init)))"
        case let error as PlanningError:
            "\(PlanningError(error.code, operation: error.operation, detail: error.detail, underlying: error.underlying.map(Said.init)))"
        default: system(error) ?? "\(error)"
        }
    }

    /// Only what it says is left of it.
    private struct Said: Error, CustomStringConvertible {
        let description: String

        init(_ error: any Error) { description = ErrorWords.text(error) }
    }

    /// nil: it is none of Foundation's.
    private static func system(_ error: any Error) -> String? {
        guard error is CocoaError || error is POSIXError || type(of: error) == NSError.self else { return nil }
        let error = error as NSError
        let cause = (error.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError } ?? error
        guard cause.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
        return unsafe String(cString: strerror(Int32(cause.code)))
    }
}
