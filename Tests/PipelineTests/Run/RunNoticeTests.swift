import Foundation
import Testing

@testable import Pipeline

@Suite struct RunNoticeTests {
    private func object(_ notice: RunNotice) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: Data(notice.json())) as? NSDictionary)
    }

    @Test func aRunIsToldWhole() throws {
        let report = RunReport(
            titles: [
                TitleReport(title: "one", state: .published, version: "0123456789abcdef", location: "https://cdn/one"),
                TitleReport(title: "two", state: .unchanged, version: "fedcba9876543210"),
                TitleReport(title: "three", state: .failed, reason: "no such file", code: .title),
                TitleReport(title: "four", state: .removed, reason: "taken off"),
            ], wasInterrupted: false, wallSeconds: 1.5, cpuSeconds: 2)
        let locations = ["two": "https://cdn/two", "four": "https://cdn/four"]
        let notice = RunNotice(report, manifest: "m.yaml", location: { locations[$0] }, now: Date(timeIntervalSince1970: 86_400))
        #expect(
            try object(notice) == [
                "format_version": 1, "sent_at": "1970-01-02T00:00:00Z", "manifest": "m.yaml", "exit_status": 1,
                "counts": ["published": 1, "unchanged": 1, "failed": 1, "postponed": 0, "removed": 1, "interrupted": 0],
                "titles": [
                    ["id": "one", "state": "published", "version": "0123456789abcdef", "location": "https://cdn/one"],
                    ["id": "two", "state": "unchanged", "version": "fedcba9876543210", "location": "https://cdn/two"],
                    ["id": "three", "state": "failed", "reason": "no such file"],
                    ["id": "four", "state": "removed", "reason": "taken off"],
                ], "wall_seconds": 1.5, "cpu_seconds": 2,
            ] as NSDictionary)
    }

    @Test func aRunThatCouldNotGoOnSaysWhy() throws {
        let notice = try object(RunNotice(manifest: "m.yaml", error: PipelineError(.diskFull, "begin", "the disk is too small")))
        #expect(notice["exit_status"] as? Int == 74)
        #expect(notice["reason"] as? String == "cannot begin: the disk is too small")
    }
}
