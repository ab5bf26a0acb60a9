import Engine
import MediaModel
import Planning

/// What is still to be done for one title, as tasks.
struct TitleWork: Sendable {
    let request: TitleRequest
    let graph: TitleGraph
    /// What the catalog is to keep of the version.
    let origin: VersionOrigin
    /// The title's place in the manifest.
    let place: Int
    let costs: TaskCosts

    /// Where its files lie.
    private let inputs: InputLocations

    var plan: AssetPlan { graph.plan }
    /// What workers read.
    var file: PlanFile { PlanFile(plan: plan, inputs: inputs) }

    /// - Parameter published: what earlier versions of the title hold.
    init(
        _ title: Prepared, plan: AssetPlan, origin: VersionOrigin, place: Int, work: WorkFolder, published: PublishedPieces = .none,
        kinds: [any TitleTask.Type] = TitleGraph.kinds
    ) throws {
        self.origin = origin
        request = title.request
        inputs = InputLocations(title.fingerprints, FileLocations(work: work.path))
        self.place = place
        graph = TitleGraph(plan, in: work.artefacts, or: published, kinds: kinds)
        try MeasureTask.takeOver(in: graph)
        costs = TaskCosts(plan)
    }

    /// Whether nothing of it is to be made of its source.
    func needsNoSource() throws -> Bool {
        guard try graph.package() == nil else { return true }
        let isChunkLeft = try !(graph.openChunks(.atOnce) + graph.openChunks(.afterMeasures)).isEmpty || graph.lacksMeasures()
        return try !isChunkLeft && graph.open(.atOnce).allSatisfy { $0 is TextTask }
    }

    /// What is still to be written.
    /// - Parameter isLinked: what published versions hold gets further names here, and takes no room.
    func need(isLinked: Bool) throws -> DiskSpace.Need {
        let progress = try (isLinked ? graph : TitleGraph(plan, in: graph.store, kinds: graph.kinds)).progress()
        let left = plan.predicted.bytes * Int64(progress.all - progress.done) / Int64(max(1, progress.all))
        return DiskSpace.Need(title: plan.id, work: left, package: plan.predicted.bytes)
    }

    // MARK: Passes over the picture

    /// Single passes, and the first of two, that are not done; a pass for each chunk.
    func firstPasses() throws -> [PicturePass] {
        guard try graph.package() == nil else { return [] }
        return passes(try graph.openChunks(.atOnce).map { ($0.chunk, $0.rung, $0.secondsPerFrame(costs)) })
    }

    /// The second of two that are not done, and those of which nothing can be told before all first ones are.
    func secondPasses() throws -> [PicturePass] {
        guard try graph.package() == nil else { return [] }
        let known = try graph.tasks(SecondPassTask.self)
        let told = Set(known.map { [$0.task.chunk, $0.task.rung] })
        let untold = RungChunks.places(plan, twoPass: true).filter { !told.contains([$0.chunk, $0.rung]) }
        let open = try graph.openChunks(.afterMeasures).map { ($0.chunk, $0.rung, $0.secondsPerFrame(costs)) }
        return passes(open + untold.map { ($0.chunk, $0.rung, costs.rungs[$0.rung]) })
    }

    /// - Parameter chunks: with CPU seconds for a frame.
    private func passes(_ chunks: [(chunk: Int, rung: Int, seconds: Double)]) -> [PicturePass] {
        Dictionary(grouping: chunks, by: \.chunk).sorted { $0.key < $1.key }.map { chunk, rungs in
            let frames = Double(plan.grid.frames(ofChunk: chunk).count)
            let lanes = rungs.sorted { $0.rung < $1.rung }.map { PicturePass.Rung(index: $0.rung, seconds: $0.seconds * frames) }
            return PicturePass(title: place, chunk: chunk, rungs: lanes, decode: costs.decode * frames)
        }
    }

    // MARK: Tasks

    /// The tasks that make the package; none when it is there.
    /// - Parameters:
    ///   - file: name of the title's plan in the work folder.
    ///   - passes: this title's, split as suits the batch.
    func nodes(file: String, firstPasses: [PicturePass], secondPasses: [PicturePass]) throws -> [TaskNode] {
        guard try graph.package() == nil else { return [] }
        var nodes = firstPasses.map { node($0, file, isSecond: false) }
        if !secondPasses.isEmpty {
            // A chunk's share of the bits follows from every chunk's cost. One node waits for all, and all wait for it: not each for each.
            let join = TaskNode(group: plan.id, rank: place, after: nodes.map(\.id), nil)
            nodes.append(join)
            nodes += secondPasses.map { node($0, file, isSecond: true, after: [join.id]) }
        }
        nodes += try graph.keysToRestore().map(restoring)
        nodes += try graph.open(.atOnce).map { node($0.seconds(costs), $0.order(plan: file)) }
        let all = nodes.map(\.id)
        nodes += try graph.open(.last).map { node($0.seconds(costs), after: all, $0.order(plan: file)) }
        return nodes
    }

    /// Takes a track's pieces over from published versions.
    private func restoring(_ keys: [TaskKey]) -> TaskNode {
        let seconds = Double(keys.reduce(0) { $0 + graph.published.bytes(of: $1) }) / Self.restoredBytesPerSecond
        return node(seconds, RestoreTask(title: plan.id, keys: keys.map(\.description)))
    }

    private static let restoredBytesPerSecond = 50e6

    private func node(_ pass: PicturePass, _ file: String, isSecond: Bool, after dependencies: [TaskNode.ID] = []) -> TaskNode {
        node(
            pass.seconds, after: dependencies,
            EncodePass(plan: file, chunk: pass.chunk, rungs: pass.rungs.map(\.index), isSecond: isSecond))
    }

    private func node(_ seconds: Double, after dependencies: [TaskNode.ID] = [], _ task: any EngineTask) -> TaskNode {
        TaskNode(group: plan.id, rank: place, seconds: seconds, after: dependencies, task)
    }
}
