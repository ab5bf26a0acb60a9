/// Lets a graph grow: what a task found may decide what is to be done next.
package protocol TaskGrowth: Sendable {
    /// Asked once after each task that is done, in this process, wherever the task was carried out; its results are in the store.
    /// - Returns: tasks of the same group to be added. Whoever waits for the task that is done waits for these too.
    func followUps(of node: TaskNode) throws -> [TaskNode]
}
