import Engine
import MediaModel
import Synchronization

/// What a disk has spoilt in the work folder is no failure of a title: it is taken away and made again, once, and a person is told.
final class Mending: Sendable {
    private let titles: [String: TitleWork]
    private let onEvent: @Sendable (RunEvent) -> Void
    private let mended = Mutex<Set<String>>([])

    init(_ titles: [TitleWork], onEvent: @escaping @Sendable (RunEvent) -> Void) {
        self.titles = Dictionary(titles.map { ($0.plan.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.onEvent = onEvent
    }

    /// Whether the title is to be made again.
    func isMended(_ title: String) -> Bool { mended.withLock { $0.contains(title) } }

    /// Before its tasks are planned: a result without a record is none.
    func dropUnreadable(_ title: TitleWork) {
        guard let count = try? title.graph.dropUnreadable(), count > 0 else { return }
        warn(title.plan.id, count)
    }

    /// Looks whether a task that reads others' results failed because one of them is not what was written.
    /// - Returns: whether something was taken away, so that the title is to be made again.
    func takesCare(of error: any Error, from node: TaskNode) -> Bool {
        guard [.title, .internalError].contains(FailureReason.code(of: error)), let title = titles[node.group] else { return false }
        if node.task is RestoreTask {
            guard title.graph.published.hasBroken else { return false }
            let words = "what a published version holds is not whole any more, and is made again: \(FailureReason.line(error))"
            onEvent(.warned(title: node.group, message: words))
        } else {
            guard (node.task as? any TitleStep)?.readsResults == true, let count = try? title.graph.dropDamaged(), count > 0 else {
                return false
            }
            warn(node.group, count)
        }
        mended.withLock { _ = $0.insert(node.group) }
        return true
    }

    private func warn(_ title: String, _ count: Int) {
        let what =
            count == 1 ? "a result in the work folder was damaged, and is" : "\(count) results in the work folder were damaged, and are"
        onEvent(.warned(title: title, message: "\(what) made again"))
    }
}
