import Foundation
import Glibc
import Synchronization

/// The inside of a worker process: takes tasks from standard input, one after another, and answers on standard output.
///
/// A task that crashes takes this process with it and nothing else. It ends when its parent does, however that ended: a thread
/// reads the parent's pipe, whatever the other one is doing.
package enum Worker {
    /// Seconds between two signs of progress.
    private static let heartbeat = 0.2
    /// Bytes: tasks may keep large buffers on the stack.
    private static let stackSize = 16 << 20

    /// - Parameters:
    ///   - kinds: of the tasks that may come.
    ///   - nice: added to the priority's number; 0 to 19.
    ///   - report: an error as the parent is to be told of it.
    ///   - performer: made for the first task, on the thread that carries out all.
    package static func run(
        _ kinds: TaskKinds, nice: Int32, report: @escaping @Sendable (any Error) -> ReportedFailure,
        performer: @escaping @Sendable () throws -> any TaskPerforming
    ) -> Never {
        // A terminal's Ctrl-C, or its end, reaches the whole group: what becomes of this process is its parent's business.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { signal(number, SIG_IGN) }
        if nice != 0 { _ = Glibc.nice(nice) }
        ProcessMemory.offerToEnd()
        // Libraries that print to standard output must not garble the answers.
        let (input, output) = (dup(STDIN_FILENO), dup(STDOUT_FILENO))
        dup2(STDERR_FILENO, STDOUT_FILENO)
        let requests = RequestQueue()
        start("requests") {
            let pipe = LinePipe(input)
            while case .line(let line) = pipe.read(milliseconds: -1) { requests.append(Array(line)) }
            // An idle worker ends as programs do, with whatever wants to be said at the end; a busy one has nobody to work for.
            if requests.isIdle { exit(0) }
            _exit(0)
        }
        start("worker") {
            let pipe = LinePipe(output)
            serve(requests, kinds, report: report, performer: performer) { message in
                // Without a parent there is nobody to work for.
                guard let line = try? message.line(), pipe.write(line) else { _exit(0) }
            }
        }
        while true { pause() }
    }

    private static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.stackSize = stackSize
        thread.start()
    }

    private static func serve(
        _ requests: RequestQueue, _ kinds: TaskKinds, report: (any Error) -> ReportedFailure,
        performer make: () throws -> any TaskPerforming, answer: (WorkerMessage) -> Void
    ) {
        var performer: (any TaskPerforming)?
        while true {
            let request = requests.next()
            let meter = UsageMeter()
            do {
                let task = try kinds.task(Data(request))
                let current = try performer ?? make()
                performer = current
                var (last, share) = (meter.wallSeconds, 0.0)
                try current.perform(task) { step in
                    share = step ?? share
                    let now = meter.wallSeconds
                    guard now - last >= heartbeat else { return }
                    last = now
                    answer(.progress(share))
                }
                answer(.done(meter.usage))
            } catch {
                answer(.failed(report(error), usage: meter.usage))
            }
        }
    }
}

/// Lines from the thread that reads to the thread that works.
private final class RequestQueue: Sendable {
    private let lines = Mutex<[[UInt8]]>([])
    private let waiting = Atomic(false)
    private let condition = NSCondition()

    /// True while the thread that works waits for the next line.
    var isIdle: Bool { waiting.load(ordering: .acquiring) }

    func append(_ line: [UInt8]) {
        condition.lock()
        lines.withLock { $0.append(line) }
        condition.signal()
        condition.unlock()
    }

    func next() -> [UInt8] {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let line = lines.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                waiting.store(false, ordering: .releasing)
                return line
            }
            waiting.store(true, ordering: .releasing)
            condition.wait()
        }
    }
}

/// What this process has used since the meter was made.
private struct UsageMeter {
    private let cpu = CPUTime.ofThisProcess
    private let wall = Monotonic.seconds

    init() { ProcessMemory.forgetPeak() }

    var wallSeconds: Double { Monotonic.seconds - wall }
    var usage: TaskUsage {
        TaskUsage(cpuSeconds: CPUTime.ofThisProcess - cpu, wallSeconds: wallSeconds, peakBytes: ProcessMemory.peak)
    }
}
