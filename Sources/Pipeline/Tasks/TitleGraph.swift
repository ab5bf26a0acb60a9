import Engine
import MediaModel
import Packaging
import Synchronization

/// All tasks of a title: the one place that enumerates them. Progress, keys to keep, cleaning, mending, packaging and the scheduler ask it.
final class TitleGraph: Sendable {
    let plan: AssetPlan
    let store: any ArtefactStore
    /// What can be had from the title's published versions counts as there.
    let published: PublishedPieces
    let kinds: [any TitleTask.Type]
    /// Tasks and their keys by kind, of kinds of which all are known: made once.
    private let known = Mutex<[String: any Sendable]>([:])

    init(
        _ plan: AssetPlan, in store: any ArtefactStore, or published: PublishedPieces = .none,
        kinds: [any TitleTask.Type] = TitleGraph.kinds
    ) {
        self.plan = plan
        self.store = store
        self.published = published
        self.kinds = kinds
    }

    // MARK: Tasks

    /// All of one kind, as far as can be told, with their keys.
    func tasks<Task: TitleTask>(_ kind: Task.Type) throws -> [KnownTask<Task>] {
        if let known = known.withLock({ $0[Task.kind] }) as? [KnownTask<Task>] { return known }
        let tasks = try Task.all(of: self).map { KnownTask(task: $0, key: try $0.key()) }
        // What follows from results that are not there yet is asked for again.
        if try Task.start != .afterMeasures || tasks.count == Task.count(of: self) { known.withLock { $0[Task.kind] = tasks } }
        return tasks
    }

    /// The record of a result that is here.
    func record<Task: TitleTask>(of known: KnownTask<Task>) -> Task.Record? { store.record(known.key, as: Task.Record.self) }

    /// Every task that can be told, with its key and whether it is done.
    private func all(_ isWanted: (any TitleTask.Type) -> Bool = { _ in true }) throws -> [(task: any TitleTask, key: TaskKey)] {
        func erased<Task: TitleTask>(_ kind: Task.Type) throws -> [(task: any TitleTask, key: TaskKey)] {
            try tasks(kind).map { ($0.task, $0.key) }
        }
        return try kinds.filter(isWanted).flatMap { try erased($0) }
    }

    /// Those that are not done.
    /// - Parameter isGrouped: those that a pass does together, or those that are done one by one.
    func open(_ start: TaskStart, isGrouped: Bool = false) throws -> [any TitleTask] {
        try all { $0.start == start && $0.isGrouped == isGrouped }.filter { try !$0.task.isDone(as: $0.key, in: self) }.map(\.task)
    }

    // MARK: What is there

    /// How much of the title is there: none, some or all of its results.
    func progress() throws -> (done: Int, all: Int) {
        if try package() != nil { return (1, 1) }
        func isPart(_ kind: any TitleTask.Type) -> Bool { kind.start == .atOnce || kind.start == .afterMeasures }
        let done = try all(isPart).count { try $0.task.isDone(as: $0.key, in: self) }
        return (done, try kinds.filter(isPart).reduce(0) { try $0 + $1.count(of: self) })
    }

    /// Keys of all that the title is made of, what was found of its files and the package too, as far as they can be told.
    func keys() throws -> [TaskKey] { try all().map(\.key) }

    /// Keys of results that are to be taken over from published versions, by the track that they belong to.
    func keysToRestore() throws -> [[TaskKey]] {
        var tracks: [(name: String, keys: [TaskKey])] = []
        for (task, key) in try all() where published.contains(key) && !task.isHeld(as: key, in: store) {
            if tracks.last?.name == task.track { tracks[tracks.count - 1].keys.append(key) } else { tracks.append((task.track, [key])) }
        }
        return tracks.map(\.keys)
    }

    // MARK: What is damaged

    /// Takes away what is not what was written, every byte of it read, so that it is made again.
    /// - Returns: how many results.
    func dropDamaged() throws -> Int {
        try all().count { task, key in
            guard store.isDamaged(key) || task.isDamaged(as: key, in: store) else { return false }
            try store.drop(key)
            return true
        }
    }

    /// Takes away what stands in a result's place and has no record that can be read: nobody would know what it is.
    /// - Returns: how many.
    func dropUnreadable() throws -> Int {
        try all().count { _, key in
            guard store.isUnreadable(key) else { return false }
            try store.drop(key)
            return true
        }
    }

    /// A result that another task reads.
    /// - Parameter isWanted: which of its files are read now: those that the reader does not hold against the record itself.
    /// - Throws: where it is missing or damaged.
    func demand<Task: TitleTask>(
        _ known: KnownTask<Task>, _ what: String, _ isWanted: (String) -> Bool = { _ in true }
    ) throws -> (folder: String, record: Task.Record) {
        guard let record = record(of: known) else {
            throw PipelineError(.internalError, "package '\(plan.id)'", "\(what) should be in the work folder and is not; run again")
        }
        guard !store.isDamaged(known.key, isWanted) else {
            throw PipelineError(.title, "package '\(plan.id)'", "\(what) in the work folder is damaged")
        }
        return (try store.folder(known.key), record)
    }
}
