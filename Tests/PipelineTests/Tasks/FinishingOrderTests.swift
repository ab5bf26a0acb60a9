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
    private func title(_ place: Int, first: Int, encodes: [Double], rest: [Double]) -> [TaskNode] {
        var nodes = encodes.enumerated().map { chunk, seconds in
            TaskNode(title: "\(place)", place: place, seconds: seconds, .order(.encode(plan: "\(place)", chunk: chunk, rungs: [0])))
        }
        nodes += rest.enumerated().map { number, seconds in
            TaskNode(title: "\(place)", place: place, seconds: seconds, .order(.sound(plan: "\(place)", number: number)))
        }
        let package = first + nodes.count
        nodes.append(
            TaskNode(title: "\(place)", place: place, seconds: 0.2, after: Array(first..<package), .order(.package(plan: "\(place)"))))
        nodes.append(TaskNode(title: "\(place)", place: place, seconds: 0.1, after: [package], .publish({})))
        return nodes
    }

    private func batch(_ titles: [(encodes: [Double], rest: [Double])]) -> [TaskNode] {
        var nodes: [TaskNode] = []
        for (place, one) in titles.enumerated() { nodes += title(place, first: nodes.count, encodes: one.encodes, rest: one.rest) }
        return nodes
    }

    private func run(_ nodes: [TaskNode], workers: Int) -> Night {
        var (graph, night, free, now, ended) = (TaskGraph(nodes), Night(), workers, 0.0, 0)
        var running: [(end: Double, index: Int)] = []
        let half = nodes.count { $0.kind == .encode } / 2
        while !graph.isFinished {
            while free > 0, let index = graph.takeOrder(workers: workers) {
                running.append((now + nodes[index].seconds, index))
                free -= 1
            }
            while let index = graph.takeForStore() { running.append((now + nodes[index].seconds, index)) }
            guard let place = running.indices.min(by: { running[$0].end < running[$1].end }) else { return night }
            let (end, index) = running.remove(at: place)
            now = end
            graph.finish(index)
            switch nodes[index].kind {
            case .publish:
                night.published.append(nodes[index].place)
                continue
            case .encode:
                ended += 1
                if ended == half { night.atHalf = night.published.count }
            default: break
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
        func next() -> Int? { graph.takeOrder(workers: 1) }
        let first = next()
        #expect(first == 0)
        graph.finish(0)
        let rest = next()
        #expect(rest == 1)
        graph.finish(1)
        let package = next()
        #expect(package == 2)
    }

    @Test func publicationsComeInTheManifestsOrder() {
        let nodes = [3, 1, 2].map { TaskNode(title: "\($0)", place: $0, seconds: 1, .publish({})) }
        var graph = TaskGraph(nodes)
        let taken = [graph.takeForStore(), graph.takeForStore(), graph.takeForStore()]
        #expect(taken == [1, 2, 0])
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
