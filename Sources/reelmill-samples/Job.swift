import Dispatch
import Foundation
import Synchronization

/// One file to be made.
struct Job: Sendable {
    /// Relative path.
    var file: String
    /// Writes it to the path that it is handed.
    var make: @Sendable (String) throws -> Void

    /// Runs `jobs`, as many at a time as there are cores, and goes on after a failure.
    /// - Parameter report: told of every file that had to be made, from any thread.
    /// - Returns: how many had to be made.
    /// - Throws: the first failure.
    static func runAll(
        _ jobs: [Job], on shelf: Shelf, report: @Sendable (String) -> Void
    ) throws(SampleError) -> Int {
        let made = Atomic(0)
        let failure = Mutex<SampleError?>(nil)
        DispatchQueue.concurrentPerform(iterations: jobs.count) { number in
            let job = jobs[number]
            do throws(SampleError) {
                guard try shelf.place(job.file, job.make) else { return }
                made.add(1, ordering: .relaxed)
                report(job.file)
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return made.load(ordering: .relaxed)
    }
}
