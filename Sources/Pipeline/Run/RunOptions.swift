/// What a person asked of a run.
package struct RunOptions: Sendable {
    /// As the user named it.
    package var manifest: String
    /// This title alone; nil: all.
    package var only: String?
    /// Threads; nil: as many as there are usable cores.
    package var workers: Int?
    /// nil: `.reelmill` beside the manifest.
    package var work: String?
    /// Stops the batch at the first title that fails.
    package var failFast: Bool

    package init(manifest: String, only: String? = nil, workers: Int? = nil, work: String? = nil, failFast: Bool = false) {
        self.manifest = manifest
        self.only = only
        self.workers = workers
        self.work = work
        self.failFast = failFast
    }
}
