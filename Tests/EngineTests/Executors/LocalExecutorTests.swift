import Foundation
import TestSupport
import Testing

@testable import Engine

/// Worker processes, as a shell plays them.
@Suite struct LocalExecutorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// - Parameter script: reads tasks, a line each, and answers.
    private func slot(_ script: String, silence: Double = 60) -> any ExecutorSlot {
        LocalExecutor(
            program: "/bin/sh", arguments: ["-c", script], work: folder.path, environment: [:],
            limits: TaskLimits(silence: silence, memory: 1 << 40), slots: 1
        ).slot(1)
    }

    private static let done = #"echo '{"done":{"_0":{"cpuSeconds":1,"wallSeconds":2,"peakBytes":3}}}'"#

    @Test func aWorkerDoesOneTaskAfterAnother() throws {
        let slot = slot(
            "while read task; do echo '{\"progress\":{\"_0\":0.5}}'; echo \"$task\" >> \(folder.file("tasks")); \(Self.done); done")
        var shares: [Double] = []
        for number in 1...2 {
            let usage = try slot.perform(Step(number: number), shouldStop: { false }) { shares.append($0) }
            #expect(usage == TaskUsage(cpuSeconds: 1, wallSeconds: 2, peakBytes: 3))
        }
        slot.close()
        #expect(shares == [0.5, 0.5])
        let lines = String(decoding: try folder.bytes(of: "tasks"), as: UTF8.self).split(separator: "\n")
        let kinds = TaskKinds([Step.self])
        #expect(try lines.map { try kinds.task(Data($0.utf8)) as? Step } == [Step(number: 1), Step(number: 2)])
        #expect(try folder.listing().filter { $0.hasPrefix("workers/") } == ["workers/\(ProcessIdentity.current)-1.log"])
    }

    @Test func aWorkerThatDiesIsALossAndTheNextTaskHasAnother() throws {
        let script =
            "read task; [ -e \(folder.file("dead")) ] || { touch \(folder.file("dead")); echo last words >&2; kill -9 $$; }; \(Self.done)"
        let slot = slot(script)
        let loss = #expect(throws: ExecutorLoss.self) { try slot.perform(Step(number: 1), shouldStop: { false }) { _ in } }
        #expect(loss?.reason == "the worker was killed (signal 9), perhaps because the machine ran out of memory: last words")
        #expect(try slot.perform(Step(number: 1), shouldStop: { false }) { _ in }.cpuSeconds == 1)
        slot.close()
    }

    @Test func whatATaskSaysOfItsFailureIsTold() throws {
        let failure =
            #"{"failed":{"_0":{"exitStatus":74,"reason":"the disk is full"},"usage":{"cpuSeconds":1,"wallSeconds":2,"peakBytes":3}}}"#
        let slot = slot("read task; echo '\(failure)'; read task")
        let error = #expect(throws: TaskFailure.self) { try slot.perform(Step(number: 1), shouldStop: { false }) { _ in } }
        #expect(error?.cause as? ReportedFailure == ReportedFailure(exitStatus: 74, reason: "the disk is full"))
        #expect(error?.usage?.cpuSeconds == 1)
        slot.close()
    }

    @Test func aWorkerThatSaysNothingIsEnded() throws {
        let slot = slot("read task; exec sleep 1000", silence: 0.3)
        let loss = #expect(throws: ExecutorLoss.self) { try slot.perform(Step(number: 1), shouldStop: { false }) { _ in } }
        #expect(loss?.wasSilent == true && loss?.reason.hasPrefix("the worker made no progress") == true)
    }

    @Test func aTaskThatShallStopIsDropped() throws {
        let slot = slot("read task; exec sleep 1000")
        let error = #expect(throws: TaskFailure.self) { try slot.perform(Step(number: 1), shouldStop: { true }) { _ in } }
        #expect((error?.cause as? EngineError)?.code == .interrupted)
    }

    @Test func aTasksOwnTimeoutIsTheNarrowerOne() {
        let limits = TaskLimits(silence: 600, memory: 1)
        #expect(limits.narrowed(for: Step(number: 1, hangTimeout: 120)).silence == 120)
        #expect(TaskLimits(silence: 2, memory: 1).narrowed(for: Step(number: 1, hangTimeout: 120)).silence == 2)
        #expect(limits.narrowed(for: Step(number: 1)).silence == 600)
    }
}
