import Engine
import Synchronization

/// What a run has warned of: each thing once, and kept in the journal, because a run may be watched by nobody.
final class RunWarnings: Sendable {
    private struct Warning: Hashable {
        var title: String
        var message: String
    }

    private let said = Mutex<Set<Warning>>([])
    private let journal: RunLog

    init(journal: RunLog) { self.journal = journal }

    var count: Int { said.withLock { $0.count } }

    /// - Returns: false for a warning that was said before.
    func take(_ event: RunEvent) -> Bool {
        guard case .warned(let title, let message) = event else { return true }
        guard said.withLock({ $0.insert(Warning(title: title, message: message)).inserted }) else { return false }
        journal.warned(title, message)
        return true
    }
}
