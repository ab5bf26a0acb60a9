/// Where a task is carried out.
package enum TaskSite: String, Hashable, Sendable, Codable, CaseIterable {
    /// By an executor's workers, isolated from this process: whatever touches a source.
    case worker
    /// In this process, at once: what takes no time to speak of. No deadline keeps it from being begun.
    case process
    /// In this process, on one of a few threads that mostly wait for a network or a disk.
    case transfer
}
