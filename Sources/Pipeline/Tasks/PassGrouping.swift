/// How the rungs of each chunk are grouped into passes, so that few chunks still fill all workers. Changes no byte: only who decodes what.
enum PassGrouping {
    /// - Parameters:
    ///   - rungCosts: of encoding one chunk in each rung, in any unit.
    ///   - decodeCost: of decoding one chunk, in the same unit; paid once a pass.
    ///   - chunks: of the whole batch that are alike, all equally long.
    ///   - workers: threads.
    /// - Returns: for each chunk its passes, each a list of rung indices.
    static func passes(rungCosts: [Double], decodeCost: Double, chunks: Int, workers: Int) -> [[[Int]]] {
        guard !rungCosts.isEmpty else { return Array(repeating: [], count: chunks) }
        var best: (makespan: Double, passes: [[[Int]]])?
        for groups in 1...max(1, min(rungCosts.count, workers * 2)) {
            for split in Set([0, chunks % max(1, workers), min(chunks, workers), chunks]).sorted() where groups > 1 || split == 0 {
                let whole = [Array(rungCosts.indices)]
                let parts = balanced(rungCosts, groups: groups)
                let passes = (0..<chunks).map { $0 < chunks - split ? whole : parts }
                let costs = passes.flatMap { $0 }.map { $0.reduce(decodeCost) { $0 + rungCosts[$1] } }
                let makespan = longestFirst(costs, workers: workers)
                // A little sooner is no reason to decode again: fewer splits come first.
                if best.map({ makespan < $0.makespan * 0.97 }) ?? true { best = (makespan, passes) }
            }
        }
        return best?.passes ?? []
    }

    /// Groups of nearly equal cost: the largest rung first, each into the lightest group.
    private static func balanced(_ costs: [Double], groups: Int) -> [[Int]] {
        var parts = Array(repeating: (cost: 0.0, rungs: [Int]()), count: groups)
        for rung in costs.indices.sorted(by: { costs[$0] > costs[$1] }) {
            guard let lightest = parts.indices.min(by: { parts[$0].cost < parts[$1].cost }) else { continue }
            parts[lightest].cost += costs[rung]
            parts[lightest].rungs.append(rung)
        }
        return parts.map { $0.rungs.sorted() }.filter { !$0.isEmpty }
    }

    private static func longestFirst(_ costs: [Double], workers: Int) -> Double {
        var loads = Array(repeating: 0.0, count: max(1, workers))
        for cost in costs.sorted(by: >) {
            guard let lightest = loads.indices.min(by: { loads[$0] < loads[$1] }) else { continue }
            loads[lightest] += cost
        }
        return loads.max() ?? 0
    }
}
