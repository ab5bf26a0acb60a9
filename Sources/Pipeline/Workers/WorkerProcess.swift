import Foundation
import Glibc

/// How far a task may go before its worker is ended.
struct TaskLimits: Sendable {
    /// Seconds without a sign of progress.
    var silence: Double
    /// Resident bytes of the worker.
    var memory: Int64

    /// What only reads says so all the time: one that is silent there hangs on a disk or server that is gone.
    private static let readingSilence = 120.0

    /// - Parameter order: to be carried out within these limits, or narrower ones.
    func narrowed(for order: TaskOrder) -> TaskLimits {
        guard case .study = order else { return self }
        return TaskLimits(silence: min(silence, Self.readingSilence), memory: memory)
    }
}

/// A worker died in the middle of a task, or had to be ended: why, as words that follow "the worker".
struct WorkerLoss: Error {
    var reason: String
    /// It has said nothing for too long.
    var wasSilent = false
}

/// The parent's side of a worker: hands it one order at a time and watches over it.
final class WorkerProcess {
    private let child: ChildProcess
    private let log: String
    private var hasEnded = false

    /// How often the watch looks at memory, progress and the wish to stop, in milliseconds.
    private static let watch: Int32 = 100

    /// - Parameters:
    ///   - program: `reelmill` itself.
    ///   - number: of the worker, from 1.
    ///   - environment: its own.
    init(program: String, work: String, number: Int, nice: Int, environment: [String: String]) throws {
        let folder = "\(work)/workers"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // `plan` may have workers of its own meanwhile.
        log = "\(folder)/\(getpid())-\(number).log"
        child = try ChildProcess(
            program, ["worker", "--work", work, "--nice", "\(nice)"], log: log,
            // A crash is told in one line by the parent; the runtime's pages of it help no one in a nightly mail.
            environment: environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 })
    }

    deinit { end() }

    /// Seconds that an idle worker has for its good-bye.
    private static let farewell = 10.0

    /// Lets an idle one end by itself.
    func dismiss() {
        guard !hasEnded else { return }
        child.input.close()
        if child.wait(seconds: Self.farewell) != nil { hasEnded = true } else { end() }
    }

    /// Seconds that one which was killed has to be gone. One that hangs in the kernel, on a mount whose server is gone, may never be.
    private static let burial = 5.0

    /// Ends it, whatever it does.
    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        child.kill()
        _ = child.wait(seconds: Self.burial)
    }

    /// Has one task carried out, and waits.
    /// - Throws: `WorkerLoss`: the process is gone, another one must be made; `PipelineError` with the task's own failure, or `interrupted`.
    func perform(_ order: TaskOrder, limits: TaskLimits, shouldStop: () -> Bool, onProgress: (Double) -> Void) throws -> TaskUsage {
        guard child.input.write(try WorkerMessage.line(WorkerRequest(order: order))) else { throw loss() }
        var lastSign = Monotonic.seconds
        var lastWatch = lastSign
        while true {
            switch child.output.read(milliseconds: Self.watch) {
            case .line(let line):
                lastSign = Monotonic.seconds
                switch try WorkerMessage.read(line, as: WorkerMessage.self) {
                case .progress(let share): onProgress(share)
                case .done(let usage): return usage
                case .failed(let exitStatus, let reason, _):
                    throw PipelineError(PipelineError.Code(exitStatus: exitStatus), "", reason)
                }
            case .nothing: break
            case .ended: throw loss()
            }
            let now = Monotonic.seconds
            guard now - lastWatch >= Double(Self.watch) / 1000 else { continue }
            lastWatch = now
            if shouldStop() {
                end()
                throw PipelineError(.interrupted, "", "stopped before it was done")
            }
            if now - lastSign > limits.silence {
                end()
                throw WorkerLoss(reason: "made no progress for \(Int(limits.silence)) s and was ended", wasSilent: true)
            }
            if let resident = ProcessMemory.resident(of: child.identifier), resident > limits.memory {
                end()
                throw WorkerLoss(reason: "took more than its \(limits.memory >> 20) MiB of memory and was ended")
            }
        }
    }

    private func loss() -> WorkerLoss {
        hasEnded = true
        child.kill()
        let words =
            switch child.wait(seconds: Self.burial) {
            case nil: "hangs and cannot be ended"
            case .exited(let status): "ended by itself (exit status \(status))"
            case .killed(SIGKILL): "was killed (signal 9), perhaps because the machine ran out of memory"
            case .killed(let signal): "crashed (\(Self.name(of: signal)))"
            }
        return WorkerLoss(reason: words + (lastWords.map { ": \($0)" } ?? ""))
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
