import MediaModel
import Planning

/// What is still to be done for one title, as tasks.
struct TitleWork: Sendable {
    let request: TitleRequest
    let artefacts: TitleArtefacts
    /// The title's place in the manifest.
    let place: Int
    let costs: TaskCosts

    var plan: AssetPlan { artefacts.plan }

    init(_ request: TitleRequest, plan: AssetPlan, place: Int, work: WorkFolder) {
        self.request = request
        self.place = place
        artefacts = TitleArtefacts(plan, in: work.artefacts)
        costs = TaskCosts(plan)
    }

    private var chunks: Range<Int> { 0..<(plan.picture == nil ? 0 : plan.grid.chunkCount) }

    /// The tasks that make the package; none when it is there.
    /// - Parameters:
    ///   - file: name of the title's plan in the work folder.
    ///   - first: index that the first node will have in the batch.
    ///   - chunks: of the whole batch, and `workers`: what passes are grouped by.
    func nodes(file: String, first: Int, chunks: Int, workers: Int) throws -> [TaskNode] {
        guard try artefacts.package() == nil else { return [] }
        var nodes = try firstPasses(file: file, chunks: chunks, workers: workers)
        nodes += try secondPasses(
            file: file, after: Array(first..<first + nodes.count), first: first + nodes.count, chunks: chunks, workers: workers)
        for number in plan.audio.indices where try !artefacts.isSoundDone(number) {
            nodes.append(node(costs.sounds[number], .sound(plan: file, number: number)))
        }
        for number in plan.text.indices where try !artefacts.isTextDone(number) {
            nodes.append(node(0.1, .text(plan: file, number: number)))
        }
        if try !artefacts.areImagesDone() { nodes.append(node(costs.images, .images(plan: file))) }
        nodes.append(node(costs.package, after: Array(first..<first + nodes.count), .package(plan: file)))
        return nodes
    }

    private func node(_ seconds: Double, after dependencies: [Int] = [], _ order: TaskOrder) -> TaskNode {
        TaskNode(title: plan.id, place: place, seconds: seconds, after: dependencies, .order(order))
    }

    /// Single passes, and the first of two.
    private func firstPasses(file: String, chunks all: Int, workers: Int) throws -> [TaskNode] {
        var nodes: [TaskNode] = []
        let perFrame = plan.rungs.indices.map { isTwoPass($0) ? costs.measures[$0] : costs.rungs[$0] }
        let grouping = PassGrouping.passes(rungCosts: perFrame, decodeCost: costs.decode, chunks: all, workers: workers)
        for chunk in chunks {
            for rungs in grouping[max(0, all - plan.grid.chunkCount) + chunk] {
                let missing = try rungs.filter { try !artefacts.isFirstPassDone(chunk: chunk, rung: $0) }
                guard !missing.isEmpty else { continue }
                let seconds = costs.pass(
                    frames: plan.grid.frames(ofChunk: chunk).count, encoded: missing.filter { !isTwoPass($0) },
                    measured: missing.filter(isTwoPass))
                nodes.append(node(seconds, .encode(plan: file, chunk: chunk, rungs: missing)))
            }
        }
        return nodes
    }

    /// - Parameters:
    ///   - measured: the first passes, all of which they wait for: a chunk's share of the bits follows from every chunk's.
    ///   - first: index that the first of these nodes will have.
    private func secondPasses(file: String, after measured: [Int], first: Int, chunks all: Int, workers: Int) throws -> [TaskNode] {
        let twoPass = plan.rungs.indices.filter(isTwoPass)
        guard !twoPass.isEmpty else { return [] }
        // One node that waits for all, and all wait for it: not each of them for each.
        var nodes = [TaskNode(title: plan.id, place: place, after: measured, .local({}))]
        let grouping = PassGrouping.passes(
            rungCosts: twoPass.map { costs.rungs[$0] }, decodeCost: costs.decode, chunks: all, workers: workers)
        for chunk in chunks {
            for group in grouping[max(0, all - plan.grid.chunkCount) + chunk] {
                let missing = try group.map { twoPass[$0] }.filter { try !artefacts.isSecondPassDone(chunk: chunk, rung: $0) }
                guard !missing.isEmpty else { continue }
                let seconds = costs.pass(frames: plan.grid.frames(ofChunk: chunk).count, encoded: missing, measured: [])
                nodes.append(node(seconds, after: [first], .encodeMeasured(plan: file, chunk: chunk, rungs: missing)))
            }
        }
        return nodes
    }

    private func isTwoPass(_ rung: Int) -> Bool { artefacts.tasks.isTwoPass(rung: rung) }
}
