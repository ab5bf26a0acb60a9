/// What carrying a task out has cost.
package struct TaskUsage: Hashable, Sendable, Codable {
    /// User and system, of all the worker's threads; 0 where it was not measured.
    package var cpuSeconds: Double
    package var wallSeconds: Double
    /// Resident bytes of the worker at their peak; 0 where they were not measured.
    package var peakBytes: Int64

    package init(cpuSeconds: Double, wallSeconds: Double, peakBytes: Int64) {
        self.cpuSeconds = cpuSeconds
        self.wallSeconds = wallSeconds
        self.peakBytes = peakBytes
    }
}
