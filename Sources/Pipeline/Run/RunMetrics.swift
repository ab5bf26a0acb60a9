package import Foundation
import Glibc

/// A run in the words of Prometheus, for the node exporter's textfile collector.
package enum RunMetrics {
    /// - Parameters:
    ///   - manifest: the label that tells one nightly batch from another.
    ///   - now: when the run ended.
    package static func text(_ report: RunReport, manifest: String, now: Date = Date()) -> String {
        var page = Page(manifest: manifest, exitStatus: report.exitStatus, now: now)
        let batch = page.batch
        page.metric("last_run_duration_seconds", "How long the last run took.", [(batch, report.wallSeconds)])
        page.metric("last_run_cpu_seconds", "CPU time of the last run's workers.", [(batch, report.cpuSeconds)])
        page.metric("last_run_workers", "Worker processes of the last run.", [(batch, Double(report.workers))])
        page.metric("warnings", "Warnings of the last run.", [(batch, Double(report.warnings))])
        page.metric(
            "last_run_titles", "Titles of the last run by what became of them.",
            TitleReport.State.allCases.map { (#"\#(batch),state="\#($0.rawValue)""#, Double(report.count($0))) })
        page.metric(
            "last_run_published_bytes", "Bytes of the packages that the last run published.",
            [(batch, Double(report.titles.reduce(0) { $0 + $1.bytes }))])
        page.metric(
            "last_run_media_seconds", "Seconds of titles that the last run published.",
            [(batch, report.titles.filter { $0.state == .published }.reduce(0) { $0 + $1.mediaSeconds })])
        return page.text
    }

    /// A run that could not go on, and has no figures.
    package static func text(stoppedWith exitStatus: Int32, manifest: String, now: Date = Date()) -> String {
        Page(manifest: manifest, exitStatus: exitStatus, now: now).text
    }

    /// The file's lines.
    private struct Page {
        /// The label of all samples.
        let batch: String
        private var lines: [String] = []

        var text: String { lines.joined(separator: "\n") + "\n" }

        init(manifest: String, exitStatus: Int32, now: Date) {
            batch = #"manifest="\#(RunMetrics.escaped(manifest))""#
            metric("last_run_timestamp_seconds", "When the last run ended, in Unix time.", [(batch, now.timeIntervalSince1970.rounded())])
            metric("last_run_exit_status", "Exit status of the last run; 0 is all done.", [(batch, Double(exitStatus))])
        }

        mutating func metric(_ name: String, _ help: String, _ samples: [(labels: String, value: Double)]) {
            lines.append("# HELP reelmill_\(name) \(help)")
            lines.append("# TYPE reelmill_\(name) gauge")
            for sample in samples { lines.append("reelmill_\(name){\(sample.labels)} \(RunMetrics.number(sample.value))") }
        }
    }

    /// Replaces the file in one step: the collector may read it at any time. What is no file, such as /dev/null, is written to.
    package static func write(_ text: String, to path: String) throws {
        do {
            var status = stat()
            let isFile = unsafe stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
            if isFile {
                // A link stays a link.
                let file = URL(fileURLWithPath: path).resolvingSymlinksInPath()
                try Data(text.utf8).write(to: file, options: .atomic)
            } else {
                guard let handle = FileHandle(forWritingAtPath: path) else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
                try handle.write(contentsOf: Data(text.utf8))
                try handle.close()
            }
        } catch {
            throw PipelineError(.unreachable, "write the metrics to '\(path)'", "", underlying: error)
        }
    }

    /// Whole numbers as such, else three places.
    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\((value * 1000).rounded() / 1000)"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
