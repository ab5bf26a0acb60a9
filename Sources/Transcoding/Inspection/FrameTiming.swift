package import MediaModel

/// What the packets' times say about the frame rate: a pure function of the index.
package struct FrameTiming: Hashable, Sendable {
    /// Constant: the exact rate. Variable: the lowest standard rate not below the 95th percentile of the instantaneous rate.
    package var frameRate: Rational
    package var isConstant: Bool
    package var averageFrameRate: Rational
    package var frames: Int
    /// Seconds on the source's clock.
    package var start: Rational
    package var end: Rational
    package var access: VideoAccess

    /// Rates that equipment and players know.
    static let standardRates = [
        Rational(5), Rational(10), Rational(25, 2), Rational(15), Rational(20), Rational(24000, 1001), Rational(24), Rational(25),
        Rational(30000, 1001), Rational(30), Rational(48), Rational(50), Rational(60000, 1001), Rational(60), Rational(100),
        Rational(120000, 1001), Rational(120),
    ]

    /// - Parameters:
    ///   - nominal: the rate that the container states, for what has no times.
    ///   - packetsPerFrame: 2 where each packet is a field.
    ///   - lastDuration: ticks that the last packet lasts, 0 where unknown.
    package init(index: FrameIndex, nominal: Rational, packetsPerFrame: Int, lastDuration: Int64) {
        let shown = index.packets.filter { !$0.isDiscarded }
        let times = shown.compactMap(\.presentation).sorted()
        guard times.count == shown.count, let first = times.first, let last = times.last, times.count > 0 else {
            self = FrameTiming(
                unclocked: shown.count / packetsPerFrame, start: times.first.map { Rational($0) * index.timeBase } ?? .zero,
                nominal: nominal)
            return
        }
        let pictures = packetsPerFrame == 1 ? times : stride(from: 0, to: times.count, by: packetsPerFrame).map { times[$0] }
        let measured = FrameTiming.rate(of: pictures, timeBase: index.timeBase, nominal: nominal)
        frameRate = measured.rate
        isConstant = measured.isConstant
        frames = pictures.count
        start = Rational(first) * index.timeBase
        // The last packet's duration is trusted only where it is plausible: files end with 0, or with the rest of another track.
        let typical = frameRate.reciprocal
        let stated = Rational(lastDuration * Int64(packetsPerFrame)) * index.timeBase
        let lastPicture = Rational(pictures.last ?? last) * index.timeBase
        let isPlausible = stated > typical / Rational(2) && (!isConstant || stated < typical * Rational(2)) && stated < Rational(10)
        end = lastPicture + (isPlausible && !isConstant ? stated : typical)
        let length = end - start
        averageFrameRate = length > .zero ? Rational(Int64(frames)) / length : frameRate
        access = FrameTiming.canBeSought(index) ? .seekable : .sequential
    }

    /// Times are missing: frames numbered from the first one known, at the rate that the container states.
    private init(unclocked frames: Int, start: Rational, nominal: Rational) {
        // Not rounded up to a standard rate: that would play the picture faster than its sound.
        let rate = nominal > .zero ? FrameTiming.nearest(to: nominal) ?? nominal : Rational(25)
        self.frameRate = rate
        isConstant = true
        averageFrameRate = rate
        self.frames = frames
        self.start = start
        end = start + Rational(Int64(frames)) / rate
        access = .numbered
    }

    /// Times that jump back, stand still or contradict the decoding order make a seek land anywhere.
    private static func canBeSought(_ index: FrameIndex) -> Bool {
        var previous: Int64?
        for packet in index.packets {
            guard let presentation = packet.presentation else { return false }
            // Matroska stores no decoding times; libavformat works them out, but for the first few.
            guard let decoding = packet.decoding else { continue }
            if let previous, decoding < previous { return false }
            if presentation < decoding && !packet.isDiscarded { return false }
            previous = decoding
        }
        let times = index.packets.filter { !$0.isDiscarded }.compactMap(\.presentation).sorted()
        return zip(times, times.dropFirst()).allSatisfy { $0 < $1 } && index.packets.contains { $0.isKey }
    }

    private static func rate(of times: [Int64], timeBase: Rational, nominal: Rational) -> (rate: Rational, isConstant: Bool) {
        guard times.count > 1, let first = times.first, let last = times.last, last > first else {
            return (nominal > .zero ? snapped(nominal) : Rational(25), true)
        }
        let average = Rational(Int64(times.count - 1)) / (Rational(last - first) * timeBase)
        // Standard rates first: a clock of whole microseconds makes 30 a little more than 30.
        for candidates in [standardRates.filter { isNear($0, average) }, [nominal, average].filter { $0 > .zero }] {
            if let rate = closest(of: candidates, to: times, timeBase: timeBase, nominal: nominal) { return (rate, true) }
        }
        let intervals = zip(times, times.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.sorted()
        // The 95th percentile of the rate is the 5th of the interval. Its neighbours are the same interval with the clock's rounding and a
        // camera's jitter: 33, 33 and 34 ms are 30 frames per second.
        let short = intervals[min(intervals.count - 1, intervals.count * 5 / 100)]
        let near = intervals.filter { abs($0 - short) <= max(1, short / 50) }
        let instantaneous = Rational(Int64(near.count)) / (Rational(near.reduce(0, +)) * timeBase)
        return (snapped(instantaneous), false)
    }

    /// The rate that puts the frames nearest to where they are, if they are where any puts them. For seconds 29.97 and 30 both do:
    /// what differs by less than the clock's rounding is decided by what the container states.
    private static func closest(of candidates: [Rational], to times: [Int64], timeBase: Rational, nominal: Rational) -> Rational? {
        let holding = candidates.compactMap { rate in
            deviation(of: rate, times: times, timeBase: timeBase).map { (rate: rate, ticks: $0) }
        }
        guard let least = holding.map(\.ticks).min() else { return nil }
        return holding.filter { $0.ticks <= least + 1 }.map(\.rate)
            .min { abs(($0 - nominal).approximate) < abs(($1 - nominal).approximate) }
    }

    /// In ticks, from the earliest to the latest frame against the rate; nil where a frame is half a frame away: then it is not constant.
    private static func deviation(of rate: Rational, times: [Int64], timeBase: Rational) -> Double? {
        // In doubles: a half frame is some 10^13 times coarser than what they lose here.
        let ticks = (rate * timeBase).reciprocal.approximate
        let first = Double(times[0])
        var (low, high) = (0.0, 0.0)
        for (number, time) in times.enumerated() {
            let deviation = (Double(time) - first) - Double(number) * ticks
            low = min(low, deviation)
            high = max(high, deviation)
        }
        // Clocks of a millisecond or coarser round every time; what rounds by a frame is not constant.
        return high - low < max(ticks * 0.5, min(2.0, ticks * 0.9)) ? high - low : nil
    }

    private static func isNear(_ a: Rational, _ b: Rational) -> Bool { abs(a.approximate / b.approximate - 1) < 0.005 }

    /// The standard rate that is `rate` but for half a percent, which is the clock's rounding; else the lowest above it.
    static func snapped(_ rate: Rational) -> Rational {
        nearest(to: rate) ?? standardRates.first { $0 > rate } ?? Rational(120)
    }

    private static func nearest(to rate: Rational) -> Rational? {
        standardRates.filter { isNear($0, rate) }.min { abs(($0 - rate).approximate) < abs(($1 - rate).approximate) }
    }
}
