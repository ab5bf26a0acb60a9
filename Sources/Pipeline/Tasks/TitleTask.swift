import Engine
import MediaModel
import Planning

/// A kind of task that titles are made of. To add a kind: a type that conforms, in a file of its own, and its line in `TitleGraph.kinds`
/// (`TitleKinds.swift`).
///
/// `inputs` is all that its result follows from, and nothing else: the result's key is their hash. What else a task holds, such as the
/// number of its track, tells people and those who carry it out where in the plan it stands.
protocol TitleTask: Codable, Hashable, Sendable {
    associatedtype Inputs: Codable & Hashable & Sendable
    /// What is kept beside the files of a result; later stages read it, and never the files' media.
    associatedtype Record: Codable & Sendable

    /// One word: in keys, in the journal, in messages to workers.
    static var kind: String { get }
    /// Those whose code shapes its results.
    static var libraries: [LibraryIdentity] { get }
    /// What people are told that a title is at.
    static var stage: TitleStage { get }
    static var start: TaskStart { get }
    /// A pass does several of its tasks together (`EncodePass`, `ProbePass`); else each is handed to a worker by itself.
    static var isGrouped: Bool { get }

    var inputs: Inputs { get set }
    /// What it does, for a person, after "cannot": `encode chunk 3`.
    var label: String { get }
    /// Tasks with one word make one track; what is published of a track comes back together.
    var track: String { get }

    /// All of the kind that a title needs, as far as can be told: what follows from results that are not there yet is missing.
    static func all(of title: TitleGraph) throws -> [Self]
    /// How many a title needs, those too that cannot be told yet.
    static func count(of title: TitleGraph) throws -> Int
    /// Whether its result is there, or can be had from what is published.
    func isDone(as key: TaskKey, in title: TitleGraph) throws -> Bool
    /// Whether its result is not what was written, where that shows in no checksum of the store's.
    func isDamaged(as key: TaskKey, in store: any ArtefactStore) -> Bool
    /// CPU seconds that it should take.
    func seconds(_ costs: TaskCosts) -> Double
    /// Does the work, and leaves its files in a folder that is empty.
    func make(into folder: String, _ title: OpenTitle) throws -> Record
}

/// When a task of a title may begin.
enum TaskStart: Sendable {
    /// Before there is a plan, which is made from what it finds.
    case beforePlan
    case atOnce
    /// When all first passes of the title are done.
    case afterMeasures
    /// When everything else of the title is done.
    case last
}

extension TitleTask {
    static var libraries: [LibraryIdentity] { EngineIdentity.libraries }
    static var start: TaskStart { .atOnce }
    static var isGrouped: Bool { false }
    var track: String { Self.kind }

    func key() throws -> TaskKey { try TaskKey(Self.kind, of: inputs, libraries: Self.libraries) }

    static func count(of title: TitleGraph) throws -> Int { try all(of: title).count }

    func isDone(as key: TaskKey, in title: TitleGraph) -> Bool { isHeld(as: key, in: title.store) || title.published.contains(key) }

    func isDamaged(as key: TaskKey, in store: any ArtefactStore) -> Bool { false }

    func isHeld(as key: TaskKey, in store: any ArtefactStore) -> Bool { store.holds(key, as: Record.self) }

}

/// A task of a title, with its key.
struct KnownTask<Task: TitleTask>: Sendable {
    var task: Task
    var key: TaskKey
}
