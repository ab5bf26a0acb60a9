import MediaModel

/// Cuts the grid into chunks: runs of whole segments of about the preset's length, begun where the source can be entered cheaply.
/// Follows from source and preset alone, because where a chunk begins shapes the bytes.
struct ChunkPlanner {
    private let grid: Grid
    private let origin: Rational
    /// Segments of an ordinary chunk.
    private let ordinary: Int
    /// Segments that no chunk may be shorter than.
    private let shortest: Int
    /// nil where the source can only be decoded from its start.
    private let entry: EntryCost?

    /// Every chunk starts the rate buffer anew, half full: ten buffers long, the join costs less than 5 % of `maxRate`.
    private static let buffersPerChunk = Rational(10)

    init(_ grid: Grid, origin: Rational, preset: Preset, caps: [RateCap], entry: EntryCost?) {
        self.grid = grid
        self.origin = origin
        self.entry = entry
        let segment = grid.time(ofFrame: grid.segmentFrames)
        let buffers = caps.filter { $0.maxRate > 0 }.map { Rational(Int64($0.bufferSize), Int64($0.maxRate)) }
        shortest = max(1, Int((Self.buffersPerChunk * (buffers.max() ?? .zero) / segment).ceiling))
        ordinary = max(shortest, Int((preset.chunkDuration / segment).rounded), 1)
    }

    /// The first segment of each chunk; the first is 0.
    func starts() -> [Int] {
        guard let entry else { return [0] }
        let even = evenStarts()
        let kept = even.dropFirst().filter { isWorthwhile($0.segment, length: $0.length, entry) }
        return [0] + kept.map(\.segment)
    }

    /// In a title of fewer chunks they stay even: a core that waits for the longest one costs more than some frames decoded for nothing.
    private static let manyChunks = 8

    /// Starts before dear ones are merged away, each moved by at most a quarter chunk to where entering costs least.
    private func evenStarts() -> [(segment: Int, length: Int)] {
        let bounds = boundaries()
        let reach = bounds.count <= Self.manyChunks ? 0 : min(ordinary / 4, (ordinary - shortest) / 2)
        let moved = bounds.dropLast().map { bound in
            bound == 0 || reach == 0 ? bound : cheapest(around: bound, within: reach)
        }
        return zip(moved, moved.dropFirst() + [grid.segmentCount]).map { ($0, $1 - $0) }
    }

    /// Runs of `ordinary` segments. A rest of less than half a run, or one too short, is shared out over the others.
    private func boundaries() -> [Int] {
        let runFrames = ordinary * grid.segmentFrames
        let (runs, rest) = grid.frames.quotientAndRemainder(dividingBy: runFrames)
        guard runs > 0 else { return [0, grid.segmentCount] }
        if rest * 2 >= runFrames, rest >= shortest * grid.segmentFrames {
            return (0...runs).map { $0 * ordinary } + [grid.segmentCount]
        }
        return (0...runs).map { $0 * grid.segmentCount / runs }
    }

    private func cheapest(around bound: Int, within reach: Int) -> Int {
        // Never so late that the last chunk becomes too short.
        let latest = max(bound, (grid.frames - shortest * grid.segmentFrames) / grid.segmentFrames)
        let near = (bound - reach...bound + reach).filter { $0 > 0 && $0 <= latest }
        return near.min { (cost($0), abs($0 - bound), $0) < (cost($1), abs($1 - bound), $1) } ?? bound
    }

    private func cost(_ segment: Int) -> Int {
        entry?.packets(before: origin + grid.time(ofFrame: segment * grid.segmentFrames)) ?? 0
    }

    /// Frames decoded for nothing must be fewer than a quarter of the chunk that they serve (a key frame every 900 packets: else 4.5 times
    /// the decoding).
    private func isWorthwhile(_ segment: Int, length: Int, _ entry: EntryCost) -> Bool {
        let frames = min(length * grid.segmentFrames, grid.frames - segment * grid.segmentFrames)
        return cost(segment) * 4 <= frames
    }
}

/// What it costs to enter the source in the middle: packets to decode before the one that is wanted.
struct EntryCost {
    private let timeBase: Rational
    /// Presentation times, ascending.
    private let times: [Int64]
    private let keys: [Int64]

    /// nil for a source that cannot be sought exactly.
    init?(_ facts: TitleFacts) {
        guard let index = facts.index, facts.source.video?.access == .seekable, index.timeBase > .zero else { return nil }
        timeBase = index.timeBase
        times = index.packets.compactMap(\.presentation).sorted()
        keys = index.packets.filter(\.isKey).compactMap(\.presentation).sorted()
    }

    /// Packets shown from the last key frame at or before a source time (in seconds) up to that time.
    func packets(before time: Rational) -> Int {
        let target = (time / timeBase).floor
        let passed = keys.count(upTo: target)
        // Before the first key frame everything from the beginning is decoded.
        let first = passed == 0 ? 0 : times.count(upTo: keys[passed - 1] - 1)
        return max(0, times.count(upTo: target - 1) - first)
    }
}

extension [Int64] {
    /// Ascending array: how many are at most `value`.
    fileprivate func count(upTo value: Int64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
