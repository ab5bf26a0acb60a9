import Engine
import MediaModel
import Testing

@testable import Pipeline

/// A batch in pretended time: in which order titles are finished, and whether anybody waits.
@Suite struct FinishingOrderTests {
    /// What became of a batch.
    private struct Night {
        var end = 0.0
        /// Places in the order in which their titles were published.
        var published: [Int] = []
        /// How many were published when half of the encodes had ended.
        var atHalf = 0
    }

    /// A title: its encodes, what else it needs, its package and its publication.
    private func title(_ place: Int, encodes: [Double], rest: [Double]) -> [TaskNode] {
        var nodes = encodes.enumerated().map { chunk, seconds in
            TaskNode(group: "\(place)", rank: place, seconds: seconds, BatchStep(number: chunk, isMainWork: true))
        }
        nodes += rest.enumerated().map { number, seconds in
            TaskNode(group: "\(place)", rank: place, seconds: seconds, BatchStep(number: number))
        }
        let package = TaskNode(group: "\(place)", rank: place, seconds: 0.2, after: nodes.map(\.id), BatchStep())
        let publication = TaskNode(
            group: "\(place)", rank: place, seconds: 0.1, after: [package.id], PublishTask(title: "\(place)"))
        return nodes + [package, publication]
    }

    private func batch(_ titles: [(encodes: [Double], rest: [Double])]) -> [TaskNode] {
        var nodes: [TaskNode] = []
        for (place, one) in titles.enumerated() { nodes += title(place, encodes: one.encodes, rest: one.rest) }
        return nodes
    }

    private func run(_ nodes: [TaskNode], workers: Int) -> Night {
        var (graph, night, free, now, ended) = (TaskGraph(nodes), Night(), workers, 0.0, 0)
        var running: [(end: Double, node: TaskNode)] = []
        let half = nodes.count { $0.task?.isMainWork == true } / 2
        while !graph.isFinished {
            while free > 0, let node = graph.take(.worker, workers: workers) {
                running.append((now + node.seconds, node))
                free -= 1
            }
            while let node = graph.take(.transfer) { running.append((now + node.seconds, node)) }
            guard let place = running.indices.min(by: { running[$0].end < running[$1].end }) else { return night }
            let (end, node) = running.remove(at: place)
            now = end
            graph.finish(node.id)
            guard node.site == .worker else {
                night.published.append(node.rank)
                continue
            }
            if node.task?.isMainWork == true {
                ended += 1
                if ended == half { night.atHalf = night.published.count }
            }
            free += 1
        }
        night.end = now
        return night
    }

    @Test(arguments: [1, 2, 3, 4], [1, 5])
    func halfOfANightHasFinishedHalfOfTheTitles(_ workers: Int, _ chunks: Int) {
        let encodes = (0..<chunks).map { 10 + Double($0 % 3) }
        let night = run(batch(Array(repeating: (encodes, [1.5, 0.3]), count: 12)), workers: workers)
        #expect(night.atHalf >= 6 - workers, "\(night)")
        // Nobody is published long before who stands before them.
        for (number, place) in night.published.enumerated() { #expect(abs(place - number) <= workers, "\(night.published)") }
    }

    @Test func whatIsLeftOfATitleGoesBeforeOtherTitlesEncodes() {
        let nodes = batch([([9.0], [2]), ([9], [2]), ([9], [2]), ([9], [2]), ([9], [2]), ([9], [2])])
        var graph = TaskGraph(nodes)
        let first = graph.take(.worker)
        #expect(first?.id == nodes[0].id)
        graph.finish(nodes[0].id)
        let rest = graph.take(.worker)
        #expect(rest?.id == nodes[1].id)
        graph.finish(nodes[1].id)
        let package = graph.take(.worker)
        #expect(package?.id == nodes[2].id)
    }

    @Test func publicationsComeInTheManifestsOrder() {
        let nodes = [3, 1, 2].map { TaskNode(group: "\($0)", rank: $0, seconds: 1, PublishTask(title: "\($0)")) }
        var graph = TaskGraph(nodes)
        let taken = [graph.take(.transfer), graph.take(.transfer), graph.take(.transfer)]
        #expect(taken.map { $0?.rank } == [1, 2, 3])
    }

    /// Titles of many lengths: what the order costs at the end of the batch is little, because the longest encodes come first there.
    @Test(arguments: [2, 4, 8])
    func nobodyWaitsAtTheEnd(_ workers: Int) {
        var titles: [(encodes: [Double], rest: [Double])] = []
        var passes: [PicturePass] = []
        for place in 0..<40 {
            let encodes = (0..<(1 + place * 7 % 12)).map { chunk in Double(5 + (chunk + place) % 6) }
            titles.append((encodes, [1 + Double(place % 4), 0.3]))
            for (chunk, seconds) in encodes.enumerated() {
                let rungs = (0..<4).map { rung in PicturePass.Rung(index: rung, seconds: seconds * 0.9 / 4) }
                passes.append(PicturePass(title: place, chunk: chunk, rungs: rungs, decode: seconds * 0.1))
            }
        }
        let split = Dictionary(grouping: PassGrouping.split(passes, workers: workers), by: \.title)
        var made: [(encodes: [Double], rest: [Double])] = []
        for (place, title) in titles.enumerated() {
            let passes: [PicturePass] = split[place] ?? []
            made.append((passes.map { $0.seconds }, title.rest))
        }
        let nodes = batch(made)
        let night = run(nodes, workers: workers)
        let busy = nodes.reduce(0) { $0 + $1.workerSeconds } / (night.end * Double(workers))
        #expect(busy > 0.97, "\(busy)")
    }
}
