import Dispatch
import Engine
import Foundation
import MediaModel
import Synchronization

/// Purge requests, one after another, beside the run: a CDN that does not answer holds no title up and fails none. What could not be sent
/// is owed: the ledger keeps it for the next run. What this run has published goes before what earlier ones owe, and neither counts the
/// other's failures: old requests that never succeed hold no new one up.
final class Purges: Sendable {
    /// Whose purge it is: this run's, or an earlier one's.
    private enum Age: Sendable { case new, owed }

    private struct State {
        /// Still to be sent.
        var new: [Purge] = []
        var owed: [Purge] = []
        /// Times in a row that nobody was there to answer.
        var failures: [Age: Int] = [:]
        var unsent = 0
        /// When the run stops waiting, on the clock that only goes forward.
        var end: Double?
    }

    private let ledger: PurgeLedger
    private let isCurrent: @Sendable (_ title: String, _ version: String) throws -> Bool
    private let onEvent: @Sendable (RunEvent) -> Void
    private let queue = DispatchQueue(label: "purge")
    private let sent = DispatchGroup()
    private let state = Mutex(State())

    /// After so many requests without an answer, or with one that the server is not well, the CDN is taken to be down; after the first,
    /// each further one is tried once. A CDN that says no to one request may say yes to the next.
    private static let patience = 3
    /// Seconds that the end of a run waits for what is still to be sent.
    private static let lastWait = 60.0

    /// - Parameter isCurrent: whether the catalog still has a version current, or its title taken off.
    init(
        _ ledger: PurgeLedger, isCurrent: @escaping @Sendable (_ title: String, _ version: String) throws -> Bool,
        onEvent: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.ledger = ledger
        self.isCurrent = isCurrent
        self.onEvent = onEvent
    }

    /// Sends one, soon. The version is current, and the ledger says that this is owed.
    func add(_ purge: Purge) {
        state.withLock { $0.new.append(purge) }
        queue.async(group: sent, execute: sendNext)
    }

    /// Sends what earlier runs owe.
    func addOwed() {
        let owed = ledger.owed
        state.withLock { $0.owed += owed }
        for _ in owed { queue.async(group: sent, execute: sendNext) }
    }

    @Sendable private func sendNext() {
        let next = state.withLock { state in
            state.new.isEmpty ? (purge: state.owed.removeFirst(), age: Age.owed) : (state.new.removeFirst(), .new)
        }
        send(next.purge, next.age)
    }

    private func mayGoOn(_ age: Age) -> Bool {
        !StopSignal.isRaised
            && state.withLock { $0.failures[age, default: 0] < Self.patience && $0.end.map { Monotonic.seconds < $0 } ?? true }
    }

    private func send(_ purge: Purge, _ age: Age) {
        guard mayGoOn(age) else { return state.withLock { $0.unsent += 1 } }
        // Asked now: behind a slow CDN another version may have become current. Of one that is not, nobody needs to know.
        if (try? isCurrent(purge.title, purge.version)) == false { return ledger.forget(purge) }
        let isHasty = state.withLock { $0.failures[age, default: 0] > 0 }
        do throws(TransferError) {
            try ledger.pay(purge, isHasty: isHasty, isStopped: { [self] in !mayGoOn(age) })
            state.withLock { $0.failures[age] = 0 }
        } catch {
            guard error.code != .cancelled else { return state.withLock { $0.unsent += 1 } }
            state.withLock { state in
                switch error.code {
                case .unreachable: state.failures[age, default: 0] += 1
                // Whoever says no is there.
                case .refused: state.failures[age] = 0
                default: break
                }
            }
            onEvent(.warned(title: purge.title, message: ledger.warning(of: error, sending: purge)))
        }
    }

    /// Returns when all were sent, or it is of no use to wait any longer.
    func wait() {
        state.withLock { $0.end = Monotonic.seconds + Self.lastWait }
        sent.wait()
        let unsent = state.withLock { $0.unsent }
        guard unsent > 0 else { return }
        onEvent(.warned(title: "", message: "\(unsent) purge requests were not sent; the next run sends them"))
    }
}
