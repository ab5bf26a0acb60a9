/// How a run ended.
package struct RunReport: Sendable {
    package var published: [String]
    package var unchanged: [String]
    /// Titles with their reasons, in one line each, and the exit status that each alone would give.
    package var failures: [(title: String, reason: String, code: PipelineError.Code)]
    package var wasInterrupted: Bool

    /// When several hold: 130, 70, 69, 75, 74, 1.
    package var exitStatus: Int32 {
        if wasInterrupted { return PipelineError.Code.interrupted.exitStatus }
        if failures.isEmpty { return 0 }
        let order: [PipelineError.Code] = [.internalError, .unreachable, .locked, .diskFull, .title]
        let worst = order.first { code in failures.contains { $0.code == code } }
        return (worst ?? .title).exitStatus
    }
}
