import Synchronization

/// What has become of the titles so far; written by many threads.
final class Outcome: Sendable {
    private let titles = Mutex<[String: TitleReport]>([:])
    private let ended = Atomic<Bool>(false)

    func set(_ report: TitleReport) { titles.withLock { $0[report.title] = report } }

    /// Whatever goes on beside the run may stop.
    func end() { ended.store(true, ordering: .relaxed) }

    var isEnded: Bool { ended.load(ordering: .relaxed) }

    var hasFailures: Bool { titles.withLock { $0.values.contains { $0.state == .failed } } }

    func hasFailed(_ title: String) -> Bool { titles.withLock { $0[title]?.state == .failed } }

    /// - Parameter requested: in the order of the report; those of which nothing was heard were interrupted.
    func all(_ requested: [String]) -> [TitleReport] {
        titles.withLock { titles in requested.map { titles[$0] ?? TitleReport(title: $0, state: .interrupted) } }
    }
}
