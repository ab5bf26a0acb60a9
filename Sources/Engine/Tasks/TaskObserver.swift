/// What is told while tasks run, from many threads; of tasks of this process that take no time nothing is.
package protocol TaskObserver: Sendable {
    /// Tasks that another one led to were added to its group.
    func added(_ nodes: [TaskNode])
    func began(_ node: TaskNode, attempt: Int)
    /// - Parameter share: of the task that is done, 0 to 1.
    func progressed(_ node: TaskNode, share: Double)
    func ended(_ node: TaskNode, usage: TaskUsage)
    /// Whoever carried it out was lost, and it will be tried once more.
    /// - Parameter usage: what it has cost so far; nil where nobody can tell.
    func lost(_ node: TaskNode, reason: String, usage: TaskUsage?)
    /// - Parameter wasDropped: it was stopped, and has not failed.
    func failed(_ node: TaskNode, error: any Error, wasDropped: Bool, usage: TaskUsage?)
}
