import Foundation
import Synchronization

/// Where threads wait for each other: proves that so many are at work at the same time, however slow the machine is.
package final class Meeting: Sendable {
    private let size: Int
    private let count = Mutex(0)
    private let condition = NSCondition()

    /// - Parameter size: how many must have come before anybody goes on.
    package init(of size: Int) { self.size = size }

    /// Comes and waits for the others; whoever comes later goes on at once.
    /// - Returns: false where they have not come in a time that no machine needs.
    @discardableResult
    package func join() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        count.withLock { $0 += 1 }
        condition.broadcast()
        let end = Date(timeIntervalSinceNow: 60)
        while count.withLock({ $0 < size }) {
            guard condition.wait(until: end) else { return count.withLock { $0 >= size } }
        }
        return true
    }
}
