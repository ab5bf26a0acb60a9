import Cataloging
import Engine
import MediaModel
import Synchronization

/// Plans a round of titles. Those whose current version answers to what is asked are done with that, and need no bytes of remote files.
final class RoundPlan: Sendable {
    /// What a round needs of its run.
    struct Context: Sendable {
        let work: WorkFolder
        let journal: RunLog
        let publication: Publication
        let preparation: Preparation
        let arrivals: Arrivals
        let outcome: Outcome
        let names: InputNames
        let refreshes: Refreshes
        let remakes: Remakes
        let onEvent: @Sendable (RunEvent) -> Void
    }

    private struct State {
        var works: [Int: TitleWork] = [:]
        var lacking: Set<String> = []
        var origins: [(title: String, version: String, origin: VersionOrigin)] = []
        var takenBack: [String: String] = [:]
    }

    private let context: Context
    private let verdicts: Verdicts
    private let requests: [TitleRequest]
    /// These titles' turn to be made anew has come.
    private let isRefresh: Bool
    private let state = Mutex(State())

    init(_ requests: [TitleRequest], _ context: Context, isRefresh: Bool) throws {
        self.requests = requests
        self.context = context
        self.isRefresh = isRefresh
        verdicts = try Verdicts(context.publication.published, requests, names: context.names)
    }

    /// The tasks that plan the round, and who carries those of this process out.
    func tasks() throws -> (nodes: [TaskNode], performer: PlanPerformer) {
        let open = try requests.filter { request in
            guard !context.arrivals.isWhole(request.id), context.preparation.probing(request) != nil else { return true }
            // The bytes are not here, and what has to be known of them is not either.
            let title = context.preparation.unread(request)
            if try isSettled(title) { return false }
            let lost = context.arrivals.lost(request.id)
            guard lost.isEmpty else {
                // They will never be.
                do { try decide(title, place: 0) } catch { context.outcome.fail(request.id, error) }
                return false
            }
            state.withLock { _ = $0.lacking.insert(request.id) }
            return false
        }
        let performer = PlanPerformer(open, context.preparation) { [self] place, title in try decide(title, place: place) }
        return (try context.preparation.nodes(open, isSettled: isSettled), performer)
    }

    /// What is to be made, in order.
    var works: [TitleWork] { state.withLock { state in state.works.keys.sorted().compactMap { state.works[$0] } } }

    /// Titles that need bytes which are not here.
    var lacking: Set<String> { state.withLock { $0.lacking } }

    /// Writes down what published versions answer to, where the catalog has no note of it.
    func keepNotes() throws {
        let (origins, takenBack) = state.withLock { ($0.origins, $0.takenBack) }
        try context.publication.note(origins, takenBack: takenBack)
    }

    /// Whether nothing is to be done for a title whose files nobody has read with today's libraries.
    private func isSettled(_ title: Prepared) throws -> Bool {
        guard !isRefresh, let verdict = try? verdicts.judge(title, lost: context.arrivals.lost(title.request.id)) else { return false }
        switch verdict {
        // What is to be mended may have to be planned.
        case .published(let state) where !context.refreshes.wants(state) && !context.publication.repairs: try leave(title, state)
        case .withdrawn: try take(verdict, title, place: 0)
        case .published, .due: return false
        }
        return true
    }

    private func decide(_ title: Prepared, place: Int) throws {
        let verdict = try verdicts.judge(title, lost: context.arrivals.lost(title.request.id))
        if isRefresh, case .published(let published) = verdict, let plan = try published.plan ?? title.plan?.get() {
            // Its files may have gone since its turn was noted.
            guard !published.isGone else { return }
            return try make(title, plan, VersionOrigin(published, title.request), place: place)
        }
        try take(verdict, title, place: place)
    }

    private func take(_ verdict: Verdict, _ title: Prepared, place: Int) throws {
        let id = title.request.id
        switch verdict {
        case .withdrawn(let version, let asked):
            context.onEvent(.warned(title: id, message: Published.withdrawal(of: version)))
            try mend(id, version: try context.publication.published.versionInPlace(of: id))
            context.outcome.set(
                try context.publication.reconcile(withdrawn: title.request, journal: context.journal, onEvent: context.onEvent))
            state.withLock { $0.takenBack[id] = asked }
        case .published(let published): try look(at: published, of: title, place: place)
        case .due(let plan, let origin, let reason):
            if let reason, try TitleGraph(plan, in: context.work.artefacts).package() == nil {
                context.remakes.add(id, because: reason)
            }
            try make(title, plan, origin, place: place)
        }
    }

    /// Mends a published version where that is asked for: by making what is wrong of it again, where it is what would be made now, else
    /// from what lies here of others.
    private func look(at published: PublishedTitleState, of title: Prepared, place: Int) throws {
        let (id, version) = (title.request.id, published.standing.version)
        let faults = try context.publication.faults(of: id, version: version)
        if !faults.isEmpty, let plan = published.plan, plan.version == version {
            return try make(title, plan, VersionOrigin(published, title.request), place: place, faults: faults)
        }
        try context.publication.mend(id, version: version, faults: faults, onEvent: context.onEvent)
        try leave(title, published)
    }

    private func mend(_ id: String, version: String) throws {
        let faults = try context.publication.faults(of: id, version: version)
        try context.publication.mend(id, version: version, faults: faults, onEvent: context.onEvent)
    }

    private func leave(_ title: Prepared, _ published: PublishedTitleState) throws {
        let id = title.request.id
        context.outcome.set(
            try context.publication.reconcile(
                title.request, published, journal: context.journal, onEvent: context.onEvent))
        if let origin = published.origin { state.withLock { $0.origins.append((id, published.standing.version, origin)) } }
        context.refreshes.add(title.request, published)
    }

    /// - Parameter faults: paths of the current version that are known to be wrong.
    private func make(_ title: Prepared, _ plan: AssetPlan, _ origin: VersionOrigin, place: Int, faults: [String] = []) throws {
        let id = title.request.id
        let pieces = try context.publication.pieces(for: plan, faults: faults)
        let work = try TitleWork(
            title, plan: plan, origin: origin, place: place, work: context.work, published: pieces)
        guard try context.arrivals.isWhole(id) || work.needsNoSource() else { return state.withLock { _ = $0.lacking.insert(id) } }
        try context.arrivals.use(id)
        state.withLock { $0.works[place] = work }
    }
}

extension VersionOrigin {
    /// Of a version that is made anew for what is asked already.
    fileprivate init(_ published: PublishedTitleState, _ request: TitleRequest) {
        let known = published.origin ?? published.standing.origin
        self.init(
            asked: known.asked, files: known.files, presetSHA256: request.presetContent.sha256, engine: EngineIdentity.format)
    }
}
