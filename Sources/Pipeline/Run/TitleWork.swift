import Engine
import MediaModel
import Planning

/// What is still to be done for one title, as tasks.
struct TitleWork: Sendable {
    let request: TitleRequest
    let artefacts: TitleArtefacts
    /// What the catalog is to keep of the version.
    let origin: VersionOrigin
    /// The title's place in the manifest.
    let place: Int
    let costs: TaskCosts

    /// Where its files lie.
    private let inputs: InputLocations

    var plan: AssetPlan { artefacts.plan }
    /// What workers read.
    var file: PlanFile { PlanFile(plan: plan, inputs: inputs) }

    /// - Parameter published: what earlier versions of the title hold.
    init(
        _ title: Prepared, plan: AssetPlan, origin: VersionOrigin, place: Int, work: WorkFolder, published: PublishedPieces = .none
    ) throws {
        self.origin = origin
        request = title.request
        inputs = InputLocations(title.fingerprints, FileLocations(work: work.path))
        self.place = place
        artefacts = TitleArtefacts(plan, in: work.artefacts, or: published)
        try artefacts.takeOverMeasures()
        costs = TaskCosts(plan)
    }

    /// Whether nothing of it is to be made of its source.
    func needsNoSource() throws -> Bool {
        guard try artefacts.package() == nil else { return true }
        return try firstPasses().isEmpty && secondPasses().isEmpty && plan.audio.indices.allSatisfy(artefacts.isSoundDone)
            && artefacts.areImagesDone()
    }

    /// What is still to be written.
    /// - Parameter isLinked: what published versions hold gets further names here, and takes no room.
    func need(isLinked: Bool) throws -> DiskSpace.Need {
        let progress = try (isLinked ? artefacts : TitleArtefacts(plan, in: artefacts.store)).progress()
        let left = plan.predicted.bytes * Int64(progress.all - progress.done) / Int64(max(1, progress.all))
        return DiskSpace.Need(title: plan.id, work: left, package: plan.predicted.bytes)
    }

    private var chunks: Range<Int> { 0..<(plan.picture == nil ? 0 : plan.grid.chunkCount) }

    // MARK: Passes over the picture

    /// Single passes, and the first of two, that are not done; a pass for each chunk.
    func firstPasses() throws -> [PicturePass] {
        guard try artefacts.package() == nil else { return [] }
        return try passes { chunk, rung in
            try artefacts.isFirstPassDone(chunk: chunk, rung: rung) ? nil : isTwoPass(rung) ? costs.measures[rung] : costs.rungs[rung]
        }
    }

    /// The second of two that are not done.
    func secondPasses() throws -> [PicturePass] {
        guard try artefacts.package() == nil else { return [] }
        return try passes { chunk, rung in
            try !isTwoPass(rung) || artefacts.isSecondPassDone(chunk: chunk, rung: rung) ? nil : costs.rungs[rung]
        }
    }

    /// - Parameter cost: CPU seconds for a frame of a rung; nil where nothing is to be done.
    private func passes(_ cost: (_ chunk: Int, _ rung: Int) throws -> Double?) throws -> [PicturePass] {
        try chunks.compactMap { chunk in
            let frames = Double(plan.grid.frames(ofChunk: chunk).count)
            let rungs = try plan.rungs.indices.compactMap { rung in
                try cost(chunk, rung).map { PicturePass.Rung(index: rung, seconds: $0 * frames) }
            }
            return rungs.isEmpty ? nil : PicturePass(title: place, chunk: chunk, rungs: rungs, decode: costs.decode * frames)
        }
    }

    // MARK: Tasks

    /// The tasks that make the package; none when it is there.
    /// - Parameters:
    ///   - file: name of the title's plan in the work folder.
    ///   - passes: this title's, split as suits the batch.
    func nodes(file: String, firstPasses: [PicturePass], secondPasses: [PicturePass]) throws -> [TaskNode] {
        guard try artefacts.package() == nil else { return [] }
        var nodes = firstPasses.map { pass in
            node(pass.seconds, .encode(plan: file, chunk: pass.chunk, rungs: pass.rungs.map(\.index)))
        }
        if !secondPasses.isEmpty {
            // A chunk's share of the bits follows from every chunk's cost. One node waits for all, and all wait for it: not each for each.
            let join = TaskNode(group: plan.id, rank: place, after: nodes.map(\.id), nil)
            nodes.append(join)
            nodes += secondPasses.map { pass in
                node(pass.seconds, after: [join.id], .encodeMeasured(plan: file, chunk: pass.chunk, rungs: pass.rungs.map(\.index)))
            }
        }
        for number in plan.audio.indices where try !artefacts.isSoundDone(number) {
            nodes.append(node(costs.sounds[number], .sound(plan: file, number: number)))
        }
        for number in plan.text.indices where try !artefacts.isTextDone(number) {
            nodes.append(node(0.1, .text(plan: file, number: number)))
        }
        nodes += try artefacts.keysToRestore().map(restoring)
        if try !artefacts.areImagesDone() { nodes.append(node(costs.images, .images(plan: file))) }
        nodes.append(node(costs.package, after: nodes.map(\.id), .package(plan: file)))
        return nodes
    }

    /// Takes a track's pieces over from published versions.
    private func restoring(_ keys: [TaskKey]) -> TaskNode {
        let seconds = Double(keys.reduce(0) { $0 + artefacts.published.bytes(of: $1) }) / Self.restoredBytesPerSecond
        return TaskNode(group: plan.id, rank: place, seconds: seconds, RestoreTask(title: plan.id, keys: keys.map(\.description)))
    }

    private static let restoredBytesPerSecond = 50e6

    private func node(_ seconds: Double, after dependencies: [TaskNode.ID] = [], _ order: TaskOrder) -> TaskNode {
        TaskNode(group: plan.id, rank: place, seconds: seconds, after: dependencies, order)
    }

    private func isTwoPass(_ rung: Int) -> Bool { artefacts.tasks.isTwoPass(rung: rung) }
}
