import MediaModel

/// Bit rates of a run of segments, as HLS wants them declared: out of the written bytes, never out of what the encoder was asked for.
enum BitRate {
    /// One segment as the scales see it.
    struct Weight: Hashable {
        var bits: Int64
        /// Ticks.
        var duration: Int64
    }

    /// Bits per second, rounded up.
    static func rate(_ bits: Int64, over ticks: Int64, timescale: Int64) -> Int {
        ticks > 0 ? Int((Rational(bits) * Rational(timescale, ticks)).ceiling) : 0
    }

    static func average(_ weights: some Collection<Weight>, timescale: Int64) -> Int {
        rate(weights.reduce(0) { $0 + $1.bits }, over: weights.reduce(0) { $0 + $1.duration }, timescale: timescale)
    }

    /// The largest rate of any contiguous run of segments that lasts 0.5 to 1.5 target durations (RFC 8216, 4.1).
    static func peak(_ weights: [Weight], timescale: Int64, target: Int) -> Int {
        windows(weights, timescale: timescale, target: target)
            .map { average(weights[$0], timescale: timescale) }.max() ?? 0
    }

    /// The runs of segments that a peak is taken over; one run of all where no run is long enough.
    static func windows(_ weights: [Weight], timescale: Int64, target: Int) -> [Range<Int>] {
        let shortest = Rational(Int64(target) * timescale, 2)
        let longest = Rational(3 * Int64(target) * timescale, 2)
        var found: [Range<Int>] = []
        for first in weights.indices {
            var ticks: Int64 = 0
            for last in first..<weights.count {
                ticks += weights[last].duration
                if Rational(ticks) > longest { break }
                if Rational(ticks) >= shortest { found.append(first..<last + 1) }
            }
        }
        return found.isEmpty && !weights.isEmpty ? [0..<weights.count] : found
    }
}
