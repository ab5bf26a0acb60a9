import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// What the node exporter collects.
@Suite struct RunMetricsTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test func aRunThatCouldNotGoOnIsNoYesterdaysRun() {
        let text = RunMetrics.text(stoppedWith: 69, manifest: #"night "a".yaml"#, now: now)
        #expect(text.contains(##"reelmill_last_run_exit_status{manifest="night \"a\".yaml"} 69"##))
        #expect(text.contains("reelmill_last_run_timestamp_seconds{") && text.contains("} 1800000000\n"))
        #expect(!text.contains("titles"))
    }

    /// `--metrics /dev/null` leaves the device what it is.
    @Test(arguments: [true, false]) func whatIsLinkedToStays(isDevice: Bool) throws {
        let folder = try TemporaryFolder()
        let target = isDevice ? "/dev/null" : try folder.write("old", to: "metrics")
        try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: target)
        try RunMetrics.write("new", to: folder.file("link"))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == target)
        if !isDevice { #expect(try folder.bytes(of: "metrics") == Array("new".utf8)) }
    }

    @Test func aRunsFigures() {
        let report = RunReport(
            titles: [
                TitleReport(title: "a", state: .published, bytes: 5, mediaSeconds: 2.5),
                TitleReport(title: "b", state: .failed, code: .title),
            ], wasInterrupted: false, wallSeconds: 1.23456, cpuSeconds: 2, workers: 2, warnings: 3)
        let text = RunMetrics.text(report, manifest: "m.yaml", now: now)
        for line in [
            #"reelmill_last_run_exit_status{manifest="m.yaml"} 1"#, #"reelmill_last_run_titles{manifest="m.yaml",state="failed"} 1"#,
            #"reelmill_last_run_duration_seconds{manifest="m.yaml"} 1.235"#, #"reelmill_last_run_published_bytes{manifest="m.yaml"} 5"#,
            #"reelmill_warnings{manifest="m.yaml"} 3"#, #"reelmill_last_run_media_seconds{manifest="m.yaml"} 2.5"#,
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
    }
}
