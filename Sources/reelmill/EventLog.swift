import Foundation
import Pipeline
import Synchronization

/// Events as NDJSON, one object a line, `format_version` 1.
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
        var event: String
        var title: String?
        var version: String?
        var message: String?
        var location: String?
        var bytes: Int64?
        var done: Double?
        var titles: Int?
        var unchanged: Int?
        var failed: Int?
    }

    func write(_ event: RunEvent) {
        let line: Line =
            switch event {
            case .began(let titles, _): Line(event: "began", titles: titles)
            case .upToDate(let title, let version): Line(event: "up_to_date", title: title, version: version)
            case .planned(let title, let version, _, _): Line(event: "planned", title: title, version: version)
            case .progress(let title, let done): Line(event: "progress", title: title, done: (done * 100).rounded() / 100)
            case .warned(let title, let message): Line(event: "warned", title: title, message: message)
            case .published(let title, let version, let location, let bytes):
                Line(event: "published", title: title, version: version, location: location, bytes: bytes)
            case .metadataUpdated(let title): Line(event: "metadata_updated", title: title)
            case .failed(let title, let reason): Line(event: "failed", title: title, message: reason)
            case .ended(let done, let unchanged, let failed):
                Line(event: "ended", titles: done + unchanged + failed, unchanged: unchanged, failed: failed)
            }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var data = try? encoder.encode(line) else { return }
        data.append(0x0A)
        handle.withLock { $0.write(data) }
    }
}
