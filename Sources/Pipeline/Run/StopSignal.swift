import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP, as a flag that every task looks at: tasks in flight are dropped, what is finished stays.
package enum StopSignal {
    private static let flag = Atomic<Bool>(false)

    /// Begins to listen. A second SIGINT or SIGTERM ends the process at once. A terminal that is closed may say so several times, the shell
    /// and the kernel each; and whoever was started with `nohup` does not hear of it.
    package static func install() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { received in
                StopSignal.flag.store(true, ordering: .relaxed)
                signal(received, SIG_DFL)
            }
        }
        let before = signal(SIGHUP) { _ in StopSignal.flag.store(true, ordering: .relaxed) }
        if isIgnoring(before) { signal(SIGHUP, SIG_IGN) }
    }

    /// `SIG_IGN` is no function, but the address 1.
    private static func isIgnoring(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        unsafe unsafeBitCast(handler, to: Int.self) == 1
    }

    package static var isRaised: Bool { flag.load(ordering: .relaxed) }
}
