import Engine
import Foundation
import MediaModel

/// `status`: what a work folder's last run did or does, from its journal.
package enum Status {
    /// - Throws: `PipelineError` where there was no run yet.
    package static func read(work path: String) throws -> RunStatus {
        let path = Documents.absolute(path)
        guard SystemCall.exists(Journal.file(in: path)), let status = try RunStatus(of: WorkFolder(path: path)) else {
            throw PipelineError(.unreachable, "read '\(path)'", "no run has left a journal there; name the work folder with --work")
        }
        return status
    }

    package static func json(_ status: RunStatus) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: FormatVersionFirst.moved(in: Array(try encoder.encode(status))), as: UTF8.self)
    }
}

extension RunStatus {
    /// What `status` ends with: the last run's exit status; 75 while one is going on, 130 for one that was killed.
    package var ownExitStatus: Int32 {
        if isRunning { return PipelineError.Code.locked.exitStatus }
        return exitStatus.map(Int32.init(clamping:)) ?? PipelineError.Code.interrupted.exitStatus
    }
}
