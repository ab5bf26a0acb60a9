import Foundation
import MediaModel

/// A run's summary for a webhook.
struct RunNotice: Encodable {
    struct Title: Encodable {
        var id: String
        var state: String
        var version: String?
        /// One line; only of failures, and of titles that were taken off.
        var reason: String?
        /// Address of the current version.
        var location: String?
    }

    let formatVersion = 1
    /// When it was made. It is signed with the rest: a message that was recorded and sent again shows its age.
    let sentAt: Date
    /// As the person named it.
    let manifest: String
    let exitStatus: Int32
    /// Why there was no run of titles; nil where there was.
    let reason: String?
    let counts: [String: Int]
    let titles: [Title]
    let wallSeconds: Double
    let cpuSeconds: Double

    /// - Parameter location: address of a title's current version.
    init(_ report: RunReport, manifest: String, location: (String) -> String?, now: Date = Date()) {
        sentAt = now
        self.manifest = manifest
        exitStatus = report.exitStatus
        reason = nil
        counts = Dictionary(uniqueKeysWithValues: TitleReport.State.allCases.map { ($0.rawValue, report.count($0)) })
        titles = report.titles.map { title in
            Title(
                id: title.title, state: title.state.rawValue, version: title.version, reason: title.reason,
                location: title.state == .removed ? nil : title.location ?? location(title.title))
        }
        wallSeconds = report.wallSeconds
        cpuSeconds = report.cpuSeconds
    }

    /// A run that could not go on.
    init(manifest: String, error: any Error, now: Date = Date()) {
        sentAt = now
        self.manifest = manifest
        exitStatus = FailureReason.code(of: error).exitStatus
        reason = FailureReason.line(error)
        counts = Dictionary(uniqueKeysWithValues: TitleReport.State.allCases.map { ($0.rawValue, 0) })
        titles = []
        (wallSeconds, cpuSeconds) = (0, 0)
    }

    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return FormatVersionFirst.moved(in: [UInt8](try encoder.encode(self)))
    }
}
