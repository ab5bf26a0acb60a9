import Foundation
import Glibc

/// The parent's side of a worker: hands it one task at a time and watches over it.
final class WorkerProcess {
    private let child: ChildProcess
    private let log: String
    private(set) var hasEnded = false
    /// CPU seconds of the tasks that it has ended.
    private var countedSeconds = 0.0

    /// How often the watch looks at memory, progress and the wish to stop, in milliseconds.
    private static let watch: Int32 = 100

    struct Settings: Sendable {
        var program: String
        var arguments: [String]
        /// Path of the work folder.
        var work: String
        /// All of it.
        var environment: [String: String]
    }

    /// - Parameter number: of the worker, from 1.
    init(_ settings: Settings, number: Int) throws {
        let folder = "\(settings.work)/workers"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Others may have workers of their own meanwhile.
        log = "\(folder)/\(ProcessIdentity.current)-\(number).log"
        child = try ChildProcess(
            settings.program, settings.arguments, log: log,
            // A crash is told in one line by the parent; the runtime's pages of it help no one in a nightly mail.
            environment: settings.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 })
    }

    deinit { end() }

    /// Seconds that an idle worker has to end by itself.
    private static let shutdownTimeout = 10.0

    /// Lets an idle one end by itself.
    func shutDown() {
        guard !hasEnded else { return }
        child.input.close()
        if child.wait(seconds: Self.shutdownTimeout) != nil { hasEnded = true } else { end() }
    }

    /// Seconds that one which was killed has to be gone. One that hangs in the kernel, on a mount whose server is gone, may never be.
    private static let killTimeout = 5.0

    /// Ends it, whatever it does.
    func end() { _ = endMeasured(since: Monotonic.seconds) }

    /// - Parameter start: when its task began.
    /// - Returns: what the task has cost; nil where nobody can tell.
    private func endMeasured(since start: Double) -> TaskUsage? {
        guard !hasEnded else { return nil }
        hasEnded = true
        child.kill()
        return child.wait(seconds: Self.killTimeout).map { usage($0.cpuSeconds, $0.peakBytes, since: start) }
    }

    private func usage(_ cpuSeconds: Double, _ peakBytes: Int64, since start: Double) -> TaskUsage {
        TaskUsage(cpuSeconds: max(0, cpuSeconds - countedSeconds), wallSeconds: Monotonic.seconds - start, peakBytes: peakBytes)
    }

    /// Has one task carried out, and waits.
    /// - Throws: `ExecutorLoss`: the process is gone, another one must be made; `TaskFailure` with the task's own failure, or
    ///   `interrupted`.
    func perform(_ task: any EngineTask, limits: TaskLimits, shouldStop: () -> Bool, onProgress: (Double) -> Void) throws -> TaskUsage {
        let start = Monotonic.seconds
        guard child.input.write([UInt8](try TaskKinds.json(task)) + [0x0A]) else { throw loss(since: start) }
        var lastSign = start
        var lastWatch = start
        while true {
            switch child.output.read(milliseconds: Self.watch) {
            case .line(let line):
                lastSign = Monotonic.seconds
                switch try WorkerMessage.read(line) {
                case .progress(let share): onProgress(share)
                case .done(let usage):
                    countedSeconds += usage.cpuSeconds
                    return usage
                case .failed(let failure, let usage):
                    countedSeconds += usage.cpuSeconds
                    throw TaskFailure(cause: failure, usage: usage)
                }
            case .nothing: break
            case .ended: throw loss(since: start)
            }
            let now = Monotonic.seconds
            guard now - lastWatch >= Double(Self.watch) / 1000 else { continue }
            lastWatch = now
            if shouldStop() {
                let usage = endMeasured(since: start)
                throw TaskFailure(cause: EngineError(.interrupted, "", "stopped before it was done"), usage: usage)
            }
            if now - lastSign > limits.silence {
                let usage = endMeasured(since: start)
                throw ExecutorLoss(
                    reason: "the worker made no progress for \(Int(limits.silence)) s and was ended", wasSilent: true, usage: usage)
            }
            if let resident = ProcessMemory.resident(of: child.identifier), resident > limits.memory {
                let usage = endMeasured(since: start)
                throw ExecutorLoss(reason: "the worker took more than its \(limits.memory >> 20) MiB of memory and was ended", usage: usage)
            }
        }
    }

    private func loss(since start: Double) -> ExecutorLoss {
        hasEnded = true
        child.kill()
        let ended = child.wait(seconds: Self.killTimeout)
        let words =
            switch ended?.end {
            case nil: "hangs and cannot be ended"
            case .exited(let status): "ended by itself (exit status \(status))"
            case .killed(SIGKILL): "was killed (signal 9), perhaps because the machine ran out of memory"
            case .killed(let signal): "crashed (\(Self.name(of: signal)))"
            }
        return ExecutorLoss(
            reason: "the worker " + words + (lastWords.map { ": \($0)" } ?? ""),
            usage: ended.map { usage($0.cpuSeconds, $0.peakBytes, since: start) })
    }

    /// The last line that it wrote to standard error: assertions of libraries end there.
    private var lastWords: String? {
        guard let data = FileManager.default.contents(atPath: log) else { return nil }
        return String(decoding: data.suffix(4096), as: UTF8.self).split(whereSeparator: \.isNewline).last.map { String($0.prefix(300)) }
    }

    private static func name(of signal: Int32) -> String {
        let names = [SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGILL: "SIGILL", SIGFPE: "SIGFPE", SIGTRAP: "SIGTRAP"]
        return names[signal] ?? "signal \(signal)"
    }
}
