package import Foundation
package import MediaModel
import Planning

/// What a person asked of a run.
package struct RunOptions: Sendable {
    /// As the user named it.
    package var manifest: String
    /// This title alone; nil: all.
    package var only: String?
    /// Worker processes; nil: as many as there are usable cores, fewer where the memory would not hold them.
    package var workers: Int?
    /// nil: `.reelmill` beside the manifest.
    package var work: String?
    /// Stops the batch at the first title that fails.
    package var failFast: Bool
    /// Reads every byte of what is published, and makes again what is damaged.
    package var repairs: Bool
    /// No task is begun that would not end by then.
    package var deadline: Date?
    /// Whether the deadline has come.
    var isLate: Bool { deadline.map { $0 <= Date() } ?? false }
    /// Added to the workers' priority number, 0 to 19: higher is more patient.
    package var nice: Int
    /// Seconds without progress after which a task's worker is ended.
    package var taskTimeout: Int
    /// Bytes of memory over which a task's worker is ended; nil: three times what the plan foretells, and 1 GiB.
    package var taskMemory: Int64?
    /// In which respects published titles are made anew, beside those that the manifest names.
    package var refresh: Set<RefreshScope> = []
    /// Seconds of the run that are spent on that; nil: as long as it takes.
    package var refreshBudget: Double?
    /// What workers run: this program.
    package var program: String
    /// Where credentials, secrets of hooks and the region are looked for; workers have it too.
    package var environment: [String: String]

    package init(
        manifest: String, only: String? = nil, workers: Int? = nil, work: String? = nil, failFast: Bool = false, repairs: Bool = false,
        deadline: Date? = nil,
        nice: Int = 0, taskTimeout: Int = 600, taskMemory: Int64? = nil, program: String = RunOptions.thisProgram,
        environment: [String: String] = RunOptions.thisEnvironment
    ) {
        self.manifest = manifest
        self.only = only
        self.workers = workers
        self.work = work
        self.failFast = failFast
        self.repairs = repairs
        self.deadline = deadline
        self.nice = nice
        self.taskTimeout = taskTimeout
        self.taskMemory = taskMemory
        self.program = program
        self.environment = environment
    }

    /// What `--refresh` says; empty for nil and for what it cannot say.
    package static func respects(_ text: String?) -> Set<RefreshScope> { RefreshScope.named(text) }

    /// The running program itself, even when another build has taken its place on the disk since.
    package static let thisProgram = "/proc/self/exe"
    /// The running program's own.
    package static var thisEnvironment: [String: String] { ProcessInfo.processInfo.environment }
}
