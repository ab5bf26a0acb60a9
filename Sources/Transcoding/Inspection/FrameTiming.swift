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
            self = FrameTiming(unclocked: shown.count / packetsPerFrame, nominal: nominal, hasTimes: !times.isEmpty || shown.contains { $0.decoding != nil })
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

    /// No usable times: numbered frames at the rate that the container states.
    private init(unclocked frames: Int, nominal: Rational, hasTimes: Bool) {
        let rate = nominal > .zero ? FrameTiming.snapped(nominal) : Rational(25)
        self.frameRate = rate
        isConstant = true
        averageFrameRate = rate
        self.frames = frames
        start = .zero
        end = Rational(Int64(frames)) / rate
        access = .numbered
    }

    /// Times that jump back, stand still or contradict the decoding order make a seek land anywhere.
    private static func canBeSought(_ index: FrameIndex) -> Bool {
        var previous: Int64?
        for packet in index.packets {
            guard let presentation = packet.presentation, let decoding = packet.decoding else { return false }
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
        let candidates = standardRates.filter { isNear($0, average) } + [nominal, average].filter { $0 > .zero }
        for candidate in candidates where holds(candidate, times: times, timeBase: timeBase) { return (candidate, true) }
        let intervals = zip(times, times.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.sorted()
        // The 95th percentile of the rate is the 5th of the interval.
        let short = intervals[min(intervals.count - 1, intervals.count * 5 / 100)]
        let instantaneous = (Rational(short) * timeBase).reciprocal
        return (snapped(instantaneous), false)
    }

    /// Constant: no frame is ever half a frame away from where the rate puts it.
    private static func holds(_ rate: Rational, times: [Int64], timeBase: Rational) -> Bool {
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
        return high - low < max(ticks * 0.5, min(2.0, ticks * 0.9))
    }

    private static func isNear(_ a: Rational, _ b: Rational) -> Bool { abs(a.approximate / b.approximate - 1) < 0.005 }

    /// The lowest standard rate not below `rate`; half a percent is the clock's rounding, not a faster source.
    static func snapped(_ rate: Rational) -> Rational {
        standardRates.first { $0.approximate >= rate.approximate * 0.995 } ?? Rational(120)
    }
}
