import Synchronization

/// What several threads read and write. A `Mutex` itself cannot be captured by what runs on them: it has one owner.
package final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    package init(_ value: Value) { self.value = Mutex(value) }

    package func withLock<Result: Sendable, Failure>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
        try value.withLock { value throws(Failure) in try body(&value) }
    }
}
