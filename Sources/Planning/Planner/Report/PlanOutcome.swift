package import MediaModel

/// Where a title stands, before a run.
package enum PlanState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing of it is made.
    case new
    /// Some of its tasks are done.
    case partial
    /// All of its tasks are done; it is not published.
    case done
    /// The catalog's current version is the planned one or answers to what is asked, and the store holds it.
    case published
    /// A person took the title off: a run leaves it alone.
    case removed
    /// It cannot be planned.
    case failed
}

/// One line of `reelmill plan`: a title with its plan, or with the reason why it has none.
package struct PlanOutcome: Sendable {
    package var id: String
    /// As the manifest names it.
    package var source: String
    package var state: PlanState
    /// The planned version, or the published one that stays.
    package var version: String?
    /// In which respects a published version is not what this program would make.
    package var outdated: Set<RefreshScope> = []
    /// nil where `state` is `failed` or `removed`, or a file is not here yet.
    package var plan: AssetPlan?
    /// What the catalog says of the published version, where that is not what would be made: one that a person went back to.
    package var current: CatalogVersion?
    /// One line; nil where all is well.
    package var error: String?
    /// What else a person should know, such as why there is no plan yet, in one line.
    package var note: String?

    package init(_ plan: AssetPlan, source: String, state: PlanState, note: String? = nil) {
        self.note = note
        id = plan.id
        self.source = source
        self.state = state
        self.plan = plan
        version = plan.version
    }

    /// A published title that has no plan: its files are gone, or were not read.
    package init(published id: String, source: String, version: String, current: CatalogVersion? = nil, note: String?) {
        self.current = current
        self.id = id
        self.source = source
        self.version = version
        self.note = note
        state = .published
    }

    /// A title that can be planned when its files are here.
    package init(remote id: String, source: String, note: String) {
        self.id = id
        self.source = source
        state = .new
        self.note = note
    }

    /// A title that a person took off.
    package init(removed id: String, source: String, note: String) {
        self.id = id
        self.source = source
        state = .removed
        self.note = note
    }

    /// A title that cannot be planned.
    package init(failed id: String, source: String, error: String) {
        self.id = id
        self.source = source
        state = .failed
        self.error = error
    }
}
