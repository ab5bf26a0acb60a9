import Foundation
import MediaModel
import Pipeline
import Synchronization

/// Events as NDJSON, one object a line, as `reelmill schema events` describes them.
final class EventLog: Sendable {
    private let handle: Mutex<FileHandle>

    init(path: String) throws {
        if path == "-" {
            handle = Mutex(FileHandle.standardOutput)
            return
        }
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw PipelineError(.unreachable, "write events to '\(path)'", "the file cannot be created")
        }
        handle = Mutex(file)
    }

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
    }

    /// nil: it says nothing that others do not.
    private static func line(_ event: RunEvent) -> Line? {
        switch event {
        case .began(let titles, let workers): Line(event: "began", titles: titles, workers: workers)
        case .upToDate(let title, let version): Line(event: "up_to_date", title: title, version: version)
        case .fetched(let title, let source, let bytes): Line(event: "fetched", title: title, source: source, bytes: bytes)
        case .planned(let title, let version, let renditions, let chunks, let tasks):
            Line(event: "planned", title: title, version: version, renditions: renditions, chunks: chunks, tasks: tasks)
        case .progress(let title, let progress):
            Line(
                event: "progress", title: title, stage: progress.stage, done: rounded(progress.done), speed: progress.speed.map(rounded),
                secondsLeft: progress.secondsLeft.map(rounded))
        case .batch(let done, let secondsLeft):
            Line(event: "batch_progress", done: rounded(done), secondsLeft: secondsLeft.map(rounded))
        case .rested: nil
        case .warned(let title, let message): Line(event: "warned", title: title.isEmpty ? nil : title, message: message)
        case .retried(let title, let reason): Line(event: "retried", title: title, message: reason)
        case .published(let title, let version, let location, let bytes):
            Line(event: "published", title: title, version: version, location: location, bytes: bytes)
        case .metadataUpdated(let title): Line(event: "metadata_updated", title: title)
        case .failed(let title, let reason): Line(event: "failed", title: title, message: reason)
        case .postponed(let title): Line(event: "postponed", title: title)
        case .cleaned(let results, let bytes): Line(event: "cleaned", bytes: bytes, results: results)
        case .ended(let report):
            Line(
                event: "ended", titles: report.titles.count,
                counts: Dictionary(uniqueKeysWithValues: TitleReport.State.allCases.map { ($0.rawValue, report.count($0)) }),
                exitStatus: report.exitStatus, wallSeconds: rounded(report.wallSeconds), cpuSeconds: rounded(report.cpuSeconds))
        }
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    func write(_ event: RunEvent) { Self.line(event).map(write) }

    /// A run that could not go on; the last line.
    func write(_ error: any Error) {
        write(Line(event: "stopped", message: Terminal.line(error), exitStatus: Terminal.exitStatus(of: error)))
    }

    private func write(_ line: Line) {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let text = try? encoder.encode(line) else { return }
        let data = Data(FormatVersionFirst.moved(in: Array(text)) + [0x0A])
        // A full disk, or a reader that has gone, ends no run.
        handle.withLock { try? $0.write(contentsOf: data) }
    }
}
