import GRDB

/// What tasks have cost in all runs that the journal tells of.
package struct CostStatistics: Sendable {
    private let journal: Journal

    package init(_ journal: Journal) { self.journal = journal }

    /// CPU seconds that all runs so far have spent on a version of a group.
    package func cpuSeconds(group: String, version: String) -> Double {
        let sum = journal.look { db in
            try Double.fetchOne(
                db, sql: "SELECT sum(cpu_seconds) FROM tasks WHERE title = ? AND version = ?", arguments: [group, version])
        }
        return (sum ?? nil) ?? 0
    }

    /// How many times longer than predicted the last tasks of each kind took; nothing of a kind of which too little is known.
    package func calibration() -> [String: Double] {
        let rows = journal.look { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT kind, sum(wall_seconds) / sum(predicted_seconds) AS factor FROM
                        (SELECT kind, wall_seconds, predicted_seconds FROM tasks WHERE state = 'done' AND predicted_seconds > 0 ORDER BY id DESC LIMIT 500)
                    GROUP BY kind HAVING sum(wall_seconds) > 1
                    """
            ).map { ($0["kind"] as String, $0["factor"] as Double) }
        }
        return Dictionary(rows ?? [], uniquingKeysWith: { first, _ in first })
    }
}
