import Engine
import Foundation
import MediaModel
import Synchronization

/// Records every task in the journal and turns it into progress events.
final class ProgressBoard: TaskObserver {
    private struct Title {
        var version: String?
        var renditions = 0
        var chunks = 0
        /// Of workers, in this run.
        var tasks = 0
        /// Seconds of picture or sound.
        var mediaSeconds = 0.0
        /// CPU seconds that all of it should take, that of earlier runs too.
        var allSeconds = 0.0
        /// Of tasks that are not done; what is done of those under way is in `shares`.
        var secondsLeft = 0.0
        var shares: [TaskNode.ID: (share: Double, seconds: Double)] = [:]
        var cpuSeconds = 0.0
        /// When its first task began, and how much was done then.
        var began: (at: Double, done: Double)?
        /// nil: nothing was done for it yet.
        var stage: TitleStage?
        var told = -1.0

        var done: Double {
            let left = shares.values.reduce(secondsLeft) { $0 - $1.share * $1.seconds }
            return allSeconds > 0 ? min(1, max(0, 1 - left / allSeconds)) : 1
        }
    }

    private struct State {
        var titles: [String: Title] = [:]
        var toldBatch = -1.0
        var workers: Int
    }

    private let state: Mutex<State>
    private let journal: RunLog?
    private let costs: CostEstimates
    private let onEvent: @Sendable (RunEvent) -> Void

    /// Least seconds between two progress events of a title, and of the batch.
    private static let pace = 0.25

    init(journal: RunLog?, costs: CostEstimates, workers: Int, onEvent: @escaping @Sendable (RunEvent) -> Void) {
        self.journal = journal
        state = Mutex(State(workers: workers))
        self.onEvent = onEvent
        self.costs = costs
    }

    /// From now on so many workers share the work.
    func shares(among workers: Int) { state.withLock { $0.workers = workers } }

    // MARK: Titles

    /// - Parameter nodes: the title's tasks of this run.
    func planned(_ plan: AssetPlan, nodes: [TaskNode]) {
        let left = nodes.reduce(0) { $0 + $1.seconds }
        let title = state.withLock { state in
            var title = state.titles[plan.id] ?? Title()
            title.version = plan.version
            title.renditions = plan.rungs.count + plan.audio.count
            title.chunks = plan.grid.chunkCount
            title.tasks = nodes.count { $0.site == .worker }
            title.mediaSeconds = plan.grid.duration.approximate
            title.allSeconds = max(plan.predicted.cpuSeconds, left)
            title.secondsLeft = left
            state.titles[plan.id] = title
            return title
        }
        journal?.planned(plan.id, version: plan.version, tasks: title.tasks, share: title.done)
        tellPlan(of: plan.id, title)
    }

    private func tellPlan(of id: String, _ title: Title) {
        guard let version = title.version else { return }
        onEvent(.planned(title: id, version: version, renditions: title.renditions, chunks: title.chunks, tasks: title.tasks))
    }

    func cpuSeconds(of title: String) -> Double { state.withLock { $0.titles[title]?.cpuSeconds ?? 0 } }
    func mediaSeconds(of title: String) -> Double { state.withLock { $0.titles[title]?.mediaSeconds ?? 0 } }

    // MARK: Tasks

    /// What a task led to makes the title's work more: its share that is done becomes smaller, and its plan is told of anew.
    func added(_ nodes: [TaskNode]) {
        for (group, nodes) in Dictionary(grouping: nodes, by: \.group) {
            let seconds = nodes.reduce(0) { $0 + $1.seconds }
            let tasks = nodes.count { $0.site == .worker }
            let title = state.withLock { state in
                state.titles[group]?.allSeconds += seconds
                state.titles[group]?.secondsLeft += seconds
                state.titles[group]?.tasks += tasks
                return state.titles[group]
            }
            journal?.added(group, tasks: tasks)
            if let title { tellPlan(of: group, title) }
        }
    }

    func began(_ node: TaskNode, attempt: Int) {
        let now = Monotonic.seconds
        let stage = Self.stage(of: node)
        // Nobody knows how much there is to do before it has been read.
        let isReading = node.site == .worker && stage == .reading
        let (version, events) = state.withLock { state in
            var title = state.titles[node.group] ?? Title()
            if !isReading, title.began == nil { title.began = (now, title.done) }
            let isNews = title.stage != stage
            title.stage = stage
            if isNews { title.told = -1 }
            state.titles[node.group] = title
            let reading = RunEvent.progress(title: node.group, TitleProgress(stage: stage, done: 0))
            return (title.version, isReading ? [reading] : isNews ? words(&state, title: node.group, now: now) : [])
        }
        for event in events { onEvent(event) }
        if let task = node.task, task.site == .worker { journal?.began(task, of: node, version: version, attempt: attempt) }
        journal?.isRunning(node.group)
    }

    func progressed(_ node: TaskNode, share: Double) {
        guard node.site == .worker else { return }
        let now = Monotonic.seconds
        let events = state.withLock { state in
            state.titles[node.group]?.shares[node.id] = (share, node.seconds)
            state.titles[node.group]?.stage = Self.stage(of: node)
            return words(&state, title: node.group, now: now)
        }
        for event in events { onEvent(event) }
    }

    func ended(_ node: TaskNode, usage: TaskUsage) {
        guard let task = node.task, task.site == .worker else { return }
        if Self.stage(of: node) == .reading { onEvent(.rested(title: node.group)) }
        let now = Monotonic.seconds
        let (events, done) = state.withLock { state in
            state.titles[node.group]?.shares[node.id] = nil
            state.titles[node.group]?.secondsLeft -= node.seconds
            state.titles[node.group]?.cpuSeconds += usage.cpuSeconds
            return (words(&state, title: node.group, now: now), state.titles[node.group]?.done ?? 0)
        }
        for event in events { onEvent(event) }
        journal?.ended(task, of: node.group, as: .done, usage: usage)
        journal?.isRunning(node.group, share: done)
    }

    func lost(_ node: TaskNode, reason: String, usage: TaskUsage?) {
        drop(node, as: .lost, usage, reason: reason)
        onEvent(.retried(title: node.group, reason: reason))
    }

    func failed(_ node: TaskNode, error: any Error, wasDropped: Bool, usage: TaskUsage?) {
        drop(node, as: wasDropped ? .dropped : .failed, usage, reason: wasDropped ? nil : FailureReason.line(error))
    }

    /// Nothing came of it; what it has cost was spent all the same.
    private func drop(_ node: TaskNode, as end: TaskEnd, _ usage: TaskUsage?, reason: String?) {
        guard let task = node.task, task.site == .worker else { return }
        state.withLock { state in
            state.titles[node.group]?.shares[node.id] = nil
            state.titles[node.group]?.cpuSeconds += usage?.cpuSeconds ?? 0
        }
        journal?.ended(task, of: node.group, as: end, usage: usage, reason: reason)
    }

    // MARK: Reckoning

    /// What is worth telling now.
    private func words(_ state: inout State, title id: String, now: Double) -> [RunEvent] {
        guard var title = state.titles[id], title.allSeconds > 0, let began = title.began, let stage = title.stage
        else { return [] }
        var events: [RunEvent] = []
        let done = title.done
        if now - title.told >= Self.pace {
            title.told = now
            let elapsed = now - began.at
            let made = done - began.done
            let isKnown = elapsed > 1 && made > 0.001
            events.append(
                .progress(
                    title: id,
                    TitleProgress(
                        stage: stage, done: done, speed: isKnown ? made * title.mediaSeconds / elapsed : nil,
                        secondsLeft: isKnown ? (1 - done) * elapsed / made : nil)))
        }
        state.titles[id] = title
        if now - state.toldBatch >= Self.pace {
            state.toldBatch = now
            let all = state.titles.values.reduce(0) { $0 + $1.allSeconds }
            let left = state.titles.values.reduce(0) { $0 + (1 - $1.done) * $1.allSeconds }
            let seconds = left * costs.factor(EncodePass.kind) / Double(max(1, state.workers))
            events.append(.batch(done: all > 0 ? 1 - left / all : 0, secondsLeft: seconds))
        }
        return events
    }

    private static func stage(of node: TaskNode) -> TitleStage { (node.task as? any TitleStep)?.stage ?? .publishing }
}
