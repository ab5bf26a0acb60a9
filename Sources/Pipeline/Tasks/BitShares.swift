/// Shares a title's bits out over its chunks by what each cost at a constant quality.
enum BitShares {
    /// - Parameters:
    ///   - bitRate: asked for the whole title, bits per second.
    ///   - cap: bits per second that no chunk is asked for more than: an encoder refuses a bit rate above its `maxRate`.
    ///   - costs: bytes of each chunk at a constant quality.
    ///   - frames: of each chunk.
    /// - Returns: bits per second of each chunk; their sum over time is the title's bits, as far as the cap lets it be.
    static func bitRates(_ bitRate: Int, cap: Int, costs: [Int], frames: [Int]) -> [Int] {
        var rates = costs.map { _ in cap }
        var open = Set(costs.indices)
        // Bit rate times frames. What a chunk at the cap cannot take, the others share.
        var left = Double(bitRate) * Double(frames.reduce(0, +))
        while !open.isEmpty {
            // In order, so that the sum is the same each time.
            let total = open.sorted().reduce(0.0) { $0 + Double(max(costs[$1], 1)) }
            let shares = open.map { (chunk: $0, rate: left * Double(max(costs[$0], 1)) / total / Double(max(frames[$0], 1))) }
            let full = shares.filter { $0.rate > Double(cap) }.map(\.chunk)
            guard !full.isEmpty else {
                for share in shares { rates[share.chunk] = max(1000, Int(share.rate.rounded())) }
                break
            }
            open.subtract(full)
            left -= Double(cap) * Double(full.reduce(0) { $0 + frames[$1] })
        }
        return rates
    }
}
