import Engine
import Synchronization

/// What has become of the titles so far, for the report, the journal and people; written by many threads.
final class Outcome: Sendable {
    private let titles = Mutex<[String: TitleReport]>([:])
    private let ended = Atomic<Bool>(false)
    private let journal: RunLog
    private let purges: Purges?
    private let onEvent: @Sendable (RunEvent) -> Void

    init(journal: RunLog, purges: Purges?, onEvent: @escaping @Sendable (RunEvent) -> Void) {
        self.journal = journal
        self.purges = purges
        self.onEvent = onEvent
    }

    /// A title is as the manifest says. Of a version that has become current, or has another address, a CDN is told.
    func set(_ report: TitleReport) {
        note(report)
        guard let version = report.version, let location = report.location else { return }
        purges?.add(Purge(title: report.title, version: version, location: location))
    }

    /// One that was interrupted has not failed.
    @Sendable func fail(_ title: String, _ error: any Error) {
        let code = FailureReason.code(of: error)
        if code == .interrupted { return }
        let reason = FailureReason.line(error)
        note(TitleReport(title: title, state: .failed, reason: reason, code: code))
        journal.title(title, is: .failed, reason: reason)
        onEvent(.failed(title: title, reason: reason))
    }

    /// There is no time for them any more.
    func postpone(_ titles: [String]) {
        for title in titles {
            note(TitleReport(title: title, state: .postponed, code: .locked))
            journal.title(title, is: .postponed)
            onEvent(.postponed(title: title))
        }
    }

    /// They stay as they were published: their refresh has its turn in another run.
    func leave(_ titles: [String]) {
        for title in titles { journal.title(title, is: self.titles.withLock { $0[title]?.state } ?? .unchanged) }
    }

    /// Whether the run has published a version of the title.
    func wasRefreshed(_ title: String) -> Bool { titles.withLock { $0[title]?.state == .published && ($0[title]?.bytes ?? 0) > 0 } }

    private func note(_ report: TitleReport) { titles.withLock { $0[report.title] = report } }

    /// Whatever goes on beside the run may stop.
    func end() { ended.store(true, ordering: .relaxed) }

    var isEnded: Bool { ended.load(ordering: .relaxed) }

    var hasFailures: Bool { titles.withLock { $0.values.contains { $0.state == .failed } } }

    /// Whether the title is as the manifest says.
    func isPublished(_ title: String) -> Bool { titles.withLock { [.published, .unchanged].contains($0[title]?.state) } }

    func hasFailed(_ title: String) -> Bool { titles.withLock { $0[title]?.state == .failed } }

    /// - Parameter requested: in the order of the report; those of which nothing was heard were interrupted.
    func all(_ requested: [String]) -> [TitleReport] {
        titles.withLock { titles in requested.map { titles[$0] ?? TitleReport(title: $0, state: .interrupted) } }
    }
}
