import Glibc
import Synchronization

/// SIGINT and SIGTERM, as a flag that every task looks at: tasks in flight are dropped, what is finished stays.
package enum StopSignal {
    private static let flag = Atomic<Bool>(false)

    /// Begins to listen. A second signal ends the process at once.
    package static func install() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { received in
                StopSignal.flag.store(true, ordering: .relaxed)
                signal(received, SIG_DFL)
            }
        }
    }

    package static var isRaised: Bool { flag.load(ordering: .relaxed) }
}
