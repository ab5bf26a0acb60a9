import Foundation
import MediaModel
import Synchronization

/// Records every task in the journal and turns it into progress events.
final class ProgressBoard: TaskObserver {
    private struct Title {
        var version: String?
        /// Seconds of picture or sound.
        var mediaSeconds = 0.0
        /// CPU seconds that all of it should take, that of earlier runs too.
        var allSeconds = 0.0
        /// Of tasks that are not done; what is done of those under way is in `shares`.
        var secondsLeft = 0.0
        var shares: [TaskOrder: (share: Double, seconds: Double)] = [:]
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
        /// Wall seconds and foretold seconds of the tasks done in this run, by kind.
        var measured: [TaskKind: (wall: Double, foretold: Double)] = [:]
        var toldBatch = -1.0
        var workers: Int
    }

    private let state: Mutex<State>
    private let journal: Journal?
    /// From earlier runs: how many times longer than foretold each kind took.
    private let calibration: [TaskKind: Double]
    private let onEvent: @Sendable (RunEvent) -> Void

    /// Seconds of foretold work that earlier runs' experience weighs as much as.
    private static let priorWeight = 20.0
    /// Least seconds between two progress events of a title, and of the batch.
    private static let pace = 0.25

    init(journal: Journal?, workers: Int, onEvent: @escaping @Sendable (RunEvent) -> Void) {
        self.journal = journal
        state = Mutex(State(workers: workers))
        self.onEvent = onEvent
        calibration = journal?.calibration() ?? [:]
    }

    /// From now on so many workers share the work.
    func shares(among workers: Int) { state.withLock { $0.workers = workers } }

    // MARK: Titles

    /// - Parameter nodes: the title's tasks of this run.
    func planned(_ plan: AssetPlan, nodes: [TaskNode]) {
        let left = nodes.reduce(0) { $0 + $1.seconds }
        let share = state.withLock { state in
            var title = state.titles[plan.id] ?? Title()
            title.version = plan.version
            title.mediaSeconds = plan.grid.duration.approximate
            title.allSeconds = max(plan.predicted.cpuSeconds, left)
            title.secondsLeft = left
            state.titles[plan.id] = title
            return title.done
        }
        journal?.planned(plan.id, version: plan.version, tasks: nodes.count { $0.order != nil }, share: share)
    }

    func cpuSeconds(of title: String) -> Double { state.withLock { $0.titles[title]?.cpuSeconds ?? 0 } }
    func mediaSeconds(of title: String) -> Double { state.withLock { $0.titles[title]?.mediaSeconds ?? 0 } }

    // MARK: Tasks

    func began(_ node: TaskNode, attempt: Int) {
        let now = Monotonic.seconds
        let (version, events) = state.withLock { state in
            var title = state.titles[node.title] ?? Title()
            if node.kind != .study, title.began == nil { title.began = (now, title.done) }
            let stage = Self.stage(of: node)
            let isNews = title.stage != stage
            title.stage = stage
            if isNews { title.told = -1 }
            state.titles[node.title] = title
            // Nobody knows how much there is to do before it has been read.
            let reading = RunEvent.progress(title: node.title, TitleProgress(stage: stage, done: 0))
            return (title.version, node.kind == .study ? [reading] : isNews ? words(&state, title: node.title, now: now) : [])
        }
        for event in events { onEvent(event) }
        journal?.began(node, version: version, attempt: attempt)
        journal?.isRunning(node.title)
    }

    func progressed(_ node: TaskNode, share: Double) {
        guard let order = node.order else { return }
        let now = Monotonic.seconds
        let events = state.withLock { state in
            state.titles[node.title]?.shares[order] = (share, node.seconds)
            state.titles[node.title]?.stage = Self.stage(of: node)
            return words(&state, title: node.title, now: now)
        }
        for event in events { onEvent(event) }
    }

    func ended(_ node: TaskNode, usage: TaskUsage) {
        if let kind = node.kind { learn(kind, usage.wallSeconds, foretold: node.seconds) }
        guard let order = node.order else { return }
        if node.kind == .study { onEvent(.rested(title: node.title)) }
        let now = Monotonic.seconds
        let (events, done) = state.withLock { state in
            state.titles[node.title]?.shares[order] = nil
            state.titles[node.title]?.secondsLeft -= node.seconds
            state.titles[node.title]?.cpuSeconds += usage.cpuSeconds
            return (words(&state, title: node.title, now: now), state.titles[node.title]?.done ?? 0)
        }
        for event in events { onEvent(event) }
        journal?.ended(node, as: .done, usage: usage)
        journal?.isRunning(node.title, share: done)
    }

    func lost(_ node: TaskNode, reason: String, usage: TaskUsage?) {
        drop(node, usage)
        journal?.ended(node, as: .lost, usage: usage, reason: reason)
        onEvent(.retried(title: node.title, reason: reason))
    }

    func failed(_ node: TaskNode, error: any Error, usage: TaskUsage?) {
        drop(node, usage)
        let wasDropped = FailureReason.code(of: error) == .interrupted
        journal?.ended(node, as: wasDropped ? .dropped : .failed, usage: usage, reason: wasDropped ? nil : FailureReason.line(error))
    }

    /// Nothing came of it; what it has cost was spent all the same.
    private func drop(_ node: TaskNode, _ usage: TaskUsage?) {
        guard let order = node.order else { return }
        state.withLock { state in
            state.titles[node.title]?.shares[order] = nil
            state.titles[node.title]?.cpuSeconds += usage?.cpuSeconds ?? 0
        }
    }

    // MARK: Reckoning

    private func learn(_ kind: TaskKind, _ wall: Double, foretold: Double) {
        state.withLock { state in
            let known = state.measured[kind] ?? (0, 0)
            state.measured[kind] = (known.wall + wall, known.foretold + foretold)
        }
    }

    /// Wall seconds that a task should take, by what tasks of its kind took before.
    func seconds(for node: TaskNode) -> Double {
        guard let kind = node.kind else { return 0 }
        return state.withLock { node.seconds * factor($0, kind) }
    }

    private func factor(_ state: State, _ kind: TaskKind) -> Double {
        let known = state.measured[kind] ?? (0, 0)
        let prior = calibration[kind] ?? 1
        return (known.wall + prior * Self.priorWeight) / (known.foretold + Self.priorWeight)
    }

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
            let seconds = left * factor(state, .encode) / Double(max(1, state.workers))
            events.append(.batch(done: all > 0 ? 1 - left / all : 0, secondsLeft: seconds))
        }
        return events
    }

    private static func stage(of node: TaskNode) -> TitleStage {
        switch node.order {
        case .study: .reading
        case .encode, .encodeMeasured: .encoding
        case .sound: .sound
        case .text: .subtitles
        case .images: .images
        case .package: .packaging
        // Nothing else of this process is told of.
        case nil: node.kind == .restore ? .reading : .publishing
        }
    }
}
