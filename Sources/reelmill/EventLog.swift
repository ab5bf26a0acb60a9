import Foundation
import Glibc
import MediaModel
import Pipeline
import Synchronization

/// Events as NDJSON, one object a line, as `reelmill schema events` describes them.
///
/// An earlier run's lines stay until the first of this one: that comes when no other run is going any more, which may write the same file.
final class EventLog: Sendable {
    private let descriptor: Int32
    private let hasBegun = Mutex(false)

    /// - Parameter path: a file, made where there is none, or a pipe that somebody reads; `-`: standard output.
    init(path: String) throws {
        // A reader that has gone is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        guard path != "-" else {
            descriptor = STDOUT_FILENO
            return
        }
        // A pipe that nobody reads would make the run wait for ever.
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else {
            let reason = errno == ENXIO ? "it is a pipe that nobody reads" : unsafe String(cString: strerror(errno))
            throw PipelineError(errno == ENOSPC ? .diskFull : .unreachable, "write events to '\(path)'", reason)
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    }

    deinit { if descriptor != STDOUT_FILENO { close(descriptor) } }

    private struct Line: Encodable {
        var formatVersion = 1
        var time = Date()
        var event: String
        var title: String?
        var version: String?
        var message: String?
        var location: String?
        var source: String?
        var bytes: Int64?
        var stage: String?
        var done: Double?
        var speed: Double?
        var secondsLeft: Double?
        var titles: Int?
        var workers: Int?
        var renditions: Int?
        var chunks: Int?
        var tasks: Int?
        var results: Int?
        var counts: [String: Int]?
        var exitStatus: Int32?
        var wallSeconds: Double?
        var cpuSeconds: Double?
        var warnings: Int?
    }

    /// nil: it says nothing that others do not.
    private static func line(_ event: RunEvent) -> Line? {
        switch event {
        case .began(let titles, let workers): Line(event: "began", titles: titles, workers: workers)
        case .upToDate(let title, let version, let note): Line(event: "up_to_date", title: title, version: version, message: note)
        case .remakes(let titles, let message): Line(event: "remakes", message: message, titles: titles)
        case .noted(let title, let message): Line(event: "noted", title: title.isEmpty ? nil : title, message: message)
        case .fetched(let title, let source, let bytes): Line(event: "fetched", title: title, source: source, bytes: bytes)
        case .planned(let title, let version, let renditions, let chunks, let tasks):
            Line(event: "planned", title: title, version: version, renditions: renditions, chunks: chunks, tasks: tasks)
        case .progress(let title, let progress):
            Line(
                event: "progress", title: title, stage: progress.stage.rawValue, done: rounded(progress.done),
                speed: progress.speed.map(rounded),
                secondsLeft: progress.secondsLeft.map(rounded))
        case .batch(let done, let secondsLeft):
            Line(event: "batch_progress", done: rounded(done), secondsLeft: secondsLeft.map(rounded))
        case .rested: nil
        case .warned(let title, let message): Line(event: "warned", title: title.isEmpty ? nil : title, message: message)
        case .retried(let title, let reason): Line(event: "retried", title: title, message: reason)
        case .published(let title, let version, let location, let bytes):
            Line(event: "published", title: title, version: version, location: location, bytes: bytes)
        case .metadataUpdated(let title): Line(event: "metadata_updated", title: title)
        case .moved(let title, let version, let location):
            Line(event: "moved", title: title, version: version, location: location)
        case .failed(let title, let reason): Line(event: "failed", title: title, message: reason)
        case .removed(let title, let message): Line(event: "removed", title: title, message: message)
        case .postponed(let title): Line(event: "postponed", title: title)
        case .cleaned(let results, let bytes): Line(event: "cleaned", bytes: bytes, results: results)
        case .ended(let report):
            Line(
                event: "ended", titles: report.titles.count,
                counts: Dictionary(uniqueKeysWithValues: TitleReport.State.allCases.map { ($0.rawValue, report.count($0)) }),
                exitStatus: report.exitStatus, wallSeconds: rounded(report.wallSeconds), cpuSeconds: rounded(report.cpuSeconds),
                warnings: report.warnings)
        }
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    func write(_ event: RunEvent) { Self.line(event).map(write) }

    /// A run that could not go on; the last line. Of one that found another one going, the file is that one's.
    func write(_ error: any Error) {
        if descriptor != STDOUT_FILENO, Terminal.exitStatus(of: error) == PipelineError.Code.locked.exitStatus { return }
        write(Line(event: "stopped", message: Terminal.line(error), exitStatus: Terminal.exitStatus(of: error)))
    }

    private func write(_ line: Line) {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let text = try? encoder.encode(line) else { return }
        let bytes = FormatVersionFirst.moved(in: Array(text)) + [0x0A]
        hasBegun.withLock { hasBegun in
            // Of a pipe, nothing can be cut off.
            if !hasBegun, descriptor != STDOUT_FILENO { _ = ftruncate(descriptor, 0) }
            hasBegun = true
            // A full disk, or a reader that has gone, ends no run.
            _ = Terminal.write(bytes, to: descriptor)
        }
    }
}
