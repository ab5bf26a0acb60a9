import Foundation
import MediaModel
import Pipeline

/// What a run leaves to read: a line for each title, and one for all.
enum RunSummary {
    static func text(_ report: RunReport) -> String {
        let width = report.titles.map(\.title.count).max() ?? 0
        var lines = report.titles.map { title in
            var words = ["  \(title.title.padding(toLength: width, withPad: " ", startingAt: 0))  \(title.state.rawValue)"]
            if let version = title.version { words.append(version) }
            if title.mediaSeconds > 0 { words.append(TimeText.length(title.mediaSeconds)) }
            if title.bytes > 0 { words.append(ByteCount.text(title.bytes)) }
            if title.cpuSeconds >= 0.5 { words.append("\(TimeText.length(title.cpuSeconds)) of CPU") }
            if [.failed, .removed].contains(title.state), let reason = title.reason { words.append(reason) }
            return words.joined(separator: ", ")
        }
        let counts = [
            "\(report.count(.published)) done", "\(report.count(.unchanged)) unchanged", "\(report.count(.failed)) failed",
        ]
        let others = [TitleReport.State.postponed, .interrupted, .removed].filter { report.count($0) > 0 }
        let rest = others.map { "\(report.count($0)) \($0.rawValue)" }
        lines.append((counts + rest).joined(separator: ", ") + " in \(TimeText.length(report.wallSeconds))")
        return lines.joined(separator: "\n")
    }
}
