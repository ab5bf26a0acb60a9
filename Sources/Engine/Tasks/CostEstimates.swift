import Synchronization

/// How long tasks really take: what was predicted, times what tasks of the same kind took longer in earlier runs and in this one.
package final class CostEstimates: Sendable {
    /// From earlier runs: how many times longer than predicted each kind took.
    private let calibration: [String: Double]
    /// Wall seconds and predicted seconds of the tasks done in this run, by kind.
    private let measured = Mutex<[String: (wall: Double, predicted: Double)]>([:])

    /// Seconds of predicted work that earlier runs' experience weighs as much as.
    private static let priorWeight = 20.0

    package init(_ calibration: [String: Double] = [:]) { self.calibration = calibration }

    package func learn(_ kind: String, wallSeconds: Double, predicted: Double) {
        measured.withLock { measured in
            let known = measured[kind] ?? (0, 0)
            measured[kind] = (known.wall + wallSeconds, known.predicted + predicted)
        }
    }

    /// Wall seconds that a task should take; 0 for what takes no time.
    package func seconds(for node: TaskNode) -> Double {
        guard let task = node.task, task.site != .process else { return 0 }
        return node.seconds * factor(task.kind)
    }

    /// How many times longer than predicted tasks of a kind take.
    package func factor(_ kind: String) -> Double {
        let known = measured.withLock { $0[kind] ?? (0, 0) }
        let prior = calibration[kind] ?? 1
        return (known.wall + prior * Self.priorWeight) / (known.predicted + Self.priorWeight)
    }
}
