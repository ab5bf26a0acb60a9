import Synchronization

/// The work folder's room, looked after while a run goes on.
final class WorkRoom: Sendable {
    private let cleaner: WorkCleaner
    private let onEvent: @Sendable (RunEvent) -> Void
    /// Bytes that have come since the folder was last looked at; one thread looks at a time.
    private let grown = Mutex(Int64(0))

    /// The folder is looked at when a tenth of what it may be has come.
    private static let share: Int64 = 10

    init(_ cleaner: WorkCleaner, onEvent: @escaping @Sendable (RunEvent) -> Void) {
        self.cleaner = cleaner
        self.onEvent = onEvent
    }

    /// A title was published, about so large.
    func grew(by bytes: Int64) {
        guard let size = cleaner.size else { return }
        grown.withLock { grown in
            grown += bytes
            guard grown > size / Self.share else { return }
            grown = 0
            tell { try cleaner.shrink() }
        }
    }

    func clean(isNeeded: Bool) {
        guard isNeeded || cleaner.isDue else { return }
        tell { try cleaner.clean() }
    }

    func shrink() { grown.withLock { _ in tell { try cleaner.shrink() } } }

    func make(for bytes: Int64) { tell { try cleaner.makeRoom(bytes) } }

    private func tell(_ body: () throws -> WorkCleaner.Removed) {
        do {
            let removed = try body()
            if removed.results > 0 { onEvent(.cleaned(results: removed.results, bytes: removed.bytes)) }
        } catch {
            // No title depends on it; what could not be removed is tried again tomorrow.
            onEvent(.warned(title: "", message: "the work folder could not be cleaned: \(FailureReason.line(error))"))
        }
    }
}
