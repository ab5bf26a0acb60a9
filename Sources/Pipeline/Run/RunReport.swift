/// How a run ended.
package struct RunReport: Sendable {
    /// In the manifest's order; only those that were asked for.
    package var titles: [TitleReport]
    package var wasInterrupted: Bool
    package var wallSeconds: Double
    /// Of all workers.
    package var cpuSeconds: Double
    package var workers: Int
    /// How many things the run has warned of.
    package var warnings: Int

    package init(
        titles: [TitleReport], wasInterrupted: Bool, wallSeconds: Double = 0, cpuSeconds: Double = 0, workers: Int = 0, warnings: Int = 0
    ) {
        self.warnings = warnings
        self.titles = titles
        self.wasInterrupted = wasInterrupted
        self.wallSeconds = wallSeconds
        self.cpuSeconds = cpuSeconds
        self.workers = workers
    }

    /// When several hold: 130, 70, 69, 75, 74, 1.
    package var exitStatus: Int32 {
        if wasInterrupted { return PipelineError.Code.interrupted.exitStatus }
        let codes = titles.compactMap(\.code)
        if codes.isEmpty { return 0 }
        let order: [PipelineError.Code] = [.internalError, .unreachable, .locked, .diskFull, .title]
        return (order.first { codes.contains($0) } ?? .title).exitStatus
    }

    package func count(_ state: TitleReport.State) -> Int { titles.count { $0.state == state } }
}

/// What became of one title.
package struct TitleReport: Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// A new version is current, or its metadata or its address changed.
        case published
        case unchanged
        case failed
        /// The deadline came first.
        case postponed
        /// A person took it off: nothing was made of it.
        case removed
        /// The run was interrupted, or gave up after another title's failure.
        case interrupted
    }

    package var title: String
    package var state: State
    package var version: String?
    /// Address of that version; nil where it is not known.
    package var location: String?
    /// One line; only of failures, and of titles that were taken off.
    package var reason: String?
    /// The exit status that this title alone would give; nil: 0.
    package var code: PipelineError.Code?
    /// Of the workers, in this run.
    package var cpuSeconds: Double
    /// Of what was published in this run.
    package var bytes: Int64
    /// Of the title's picture or sound.
    package var mediaSeconds: Double

    package init(
        title: String, state: State, version: String? = nil, location: String? = nil, reason: String? = nil,
        code: PipelineError.Code? = nil, cpuSeconds: Double = 0, bytes: Int64 = 0, mediaSeconds: Double = 0
    ) {
        self.title = title
        self.state = state
        self.version = version
        self.location = location
        self.reason = reason
        self.code = code
        self.cpuSeconds = cpuSeconds
        self.bytes = bytes
        self.mediaSeconds = mediaSeconds
    }
}
