import Dispatch
import Foundation
package import MediaModel

/// Work on many items at the same time, on threads of its own.
package enum ParallelWork {
    private struct State<Item: Sendable>: Sendable {
        var left: ArraySlice<Item>
        var failure: TransferError?
    }

    /// Calls `body` for each item, on at most `threads` threads; returns when all calls have.
    ///
    /// After the first failure no further item is begun.
    /// - Parameters:
    ///   - isStopped: looked at several times a second.
    ///   - stop: called once when it says true; it should make the calls under way end soon.
    /// - Throws: the first failure; one that is no mere consequence of stopping, if there is any.
    package static func forEach<Item: Sendable>(
        _ items: [Item], threads: Int, isStopped: () -> Bool = { false }, stop: () -> Void = {},
        _ body: @escaping @Sendable (Item) throws(TransferError) -> Void
    ) throws(TransferError) {
        let state = Shared(State(left: items[...]))
        let group = DispatchGroup()
        for _ in 0..<min(threads, items.count) {
            group.enter()
            Thread {
                while let item = state.withLock({ $0.failure == nil ? $0.left.popFirst() : nil }) {
                    do throws(TransferError) {
                        try body(item)
                    } catch {
                        state.withLock { state in
                            if state.failure == nil || state.failure?.code == .cancelled { state.failure = error }
                        }
                    }
                }
                group.leave()
            }.start()
        }
        var wasStopped = false
        while group.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            guard !wasStopped, isStopped() else { continue }
            wasStopped = true
            stop()
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Calls `body` on a thread of its own, and waits for it; parameters as above.
    package static func one<Value: Sendable>(
        isStopped: () -> Bool, stop: () -> Void, _ body: @escaping @Sendable () throws(TransferError) -> Value
    ) throws(TransferError) -> Value {
        let result = Shared<Value?>(nil)
        try forEach([0], threads: 1, isStopped: isStopped, stop: stop) { _ throws(TransferError) in
            let value = try body()
            result.withLock { $0 = value }
        }
        guard let value = result.withLock({ $0 }) else {
            throw TransferError(.cancelled, operation: "wait", detail: "it was asked to stop")
        }
        return value
    }
}
