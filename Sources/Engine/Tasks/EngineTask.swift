/// A task as a value: with the work folder it is all that carrying it out needs, in this process, in a worker process or on another
/// machine. What it does is known to whoever carries it out (`TaskPerforming`), never to this room.
package protocol EngineTask: Codable, Hashable, Sendable {
    /// One word, such as `encode`: messages to workers know the task's type by it.
    static var kind: String { get }

    /// The word by which the journal and the cost statistics know it: its type's.
    var kind: String { get }

    /// What it does, for a person, after "cannot": `encode chunk 3`.
    var label: String { get }

    /// Its name in the journal, unique among the tasks of its group; the label where that is unique.
    var name: String { get }

    var site: TaskSite { get }

    /// Part of the main work of its group. What is left of a group whose main work has ended goes before the main work of other groups.
    var isMainWork: Bool { get }

    /// Seconds without a sign of progress after which it hangs for good, on a disk or server that is gone, so that it is not tried again;
    /// nil: the run's own timeout holds, and it is tried once more.
    var hangTimeout: Double? { get }
}

extension EngineTask {
    package var kind: String { Self.kind }
    package var name: String { label }
    package var isMainWork: Bool { false }
    package var hangTimeout: Double? { nil }
}
