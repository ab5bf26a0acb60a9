import MediaModel

/// The frame rate that times were taken at, whatever jitter, dropped pictures and coarse clocks have made of them.
struct FrameRateEstimate {
    let rate: Rational
    /// Most ticks of the rate have a picture.
    let isConstant: Bool

    /// Rates that equipment and players know.
    static let standardRates = [
        Rational(5), Rational(10), Rational(25, 2), Rational(15), Rational(20), Rational(24000, 1001), Rational(24), Rational(25),
        Rational(30000, 1001), Rational(30), Rational(48), Rational(50), Rational(60000, 1001), Rational(60), Rational(100),
        Rational(120000, 1001), Rational(120),
    ]
    /// What a container may state and be believed: a frame an hour to the fastest camera.
    static let plausible = Rational(1, 3600)...Rational(1000)
    /// More ticks without a picture make a source variable.
    private static let constantFill = 2.0 / 3
    /// Of twelve pictures a second, every second tick of 24 is free: 24 is not their rate.
    private static let ownFill = 0.55
    /// Pictures that nobody can see because the next one follows within this many seconds: hidden frames, and slips of a clock.
    private static let unseen = 0.0025

    /// - Parameters:
    ///   - times: of the pictures in ticks, ascending.
    ///   - nominal: the rate that the container states; it decides between rates that fit equally well.
    init(times: [Int64], timeBase: Rational, nominal: Rational) {
        let stated = Self.plausible ~= nominal ? Self.bounded(nominal) : .zero
        let seen = Self.visible(times, timeBase: timeBase)
        // Times further apart than any clock can be are no clock.
        guard let first = seen.first, let last = seen.last, case (let span, false) = last.subtractingReportingOverflow(first),
            0 < span, span < 1 << 60
        else {
            rate = stated > .zero ? Self.snapped(stated) : Rational(25)
            isConstant = true
            return
        }
        let fitting = RateFit(times: seen, timeBase: timeBase)
        let average = Rational(Int64(seen.count - 1)) / (Rational(span) * timeBase)
        // At a lower rate pictures would share ticks, at a higher one most ticks were free.
        let likely = Self.standardRates.filter { (0.98...1.9).contains(($0 / average).approximate) }
        // Standard rates first: a clock of whole microseconds makes 30 a little more than 30.
        if let fit = Self.lowest(of: likely, fitting, nominal: stated, where: { $0.isExact && $0.fill > Self.ownFill }) {
            (rate, isConstant) = (fit.rate, fit.fill >= Self.constantFill)
            return
        }
        // Then round ones: jitter of the first and the last picture makes 8 a little more than 8.
        let whole = Rational(average.rounded)
        let round = [whole, whole * Rational(1000, 1001), Rational((average * Rational(2)).rounded, 2)].filter { Self.isNear($0, average) }
        for candidate in round + [stated, fitting.simplest(near: average), fitting.measured] where Self.plausible ~= candidate {
            let fit = fitting.fit(candidate)
            guard fit.isExact, fit.fill > Self.ownFill else { continue }
            (rate, isConstant) = (Self.bounded(candidate), fit.fill >= Self.constantFill)
            return
        }
        // A clock that wanders a little around a standard rate.
        if let fit = Self.lowest(of: likely, fitting, nominal: stated, where: { $0.isFollowed && $0.fill > Self.ownFill }) {
            (rate, isConstant) = (fit.rate, fit.fill >= Self.constantFill)
            return
        }
        // No rate of its own. Where a standard rate little higher has a tick for most pictures, bursts were taken at that one.
        let lowest = Self.lowest(showing: seen, timeBase: timeBase)
        let near = Self.standardRates.filter { (1...1.3).contains(($0 / lowest).approximate) }
        (rate, isConstant) = (Self.lowest(of: near, fitting, nominal: stated, where: \.isFollowed)?.rate ?? lowest, false)
    }

    /// Without pictures that the next one hides at once. Where most are that close, the clock is meant.
    private static func visible(_ times: [Int64], timeBase: Rational) -> [Int64] {
        let limit = unseen / timeBase.approximate
        let kept = times.indices.filter { $0 + 1 == times.count || Double(times[$0 + 1]) - Double(times[$0]) >= limit }
        return kept.count * 3 >= times.count * 2 ? kept.map { times[$0] } : times
    }

    /// The lowest rate that fits. Its neighbour by 1000/1001 fits as well for seconds: the one nearer to the times counts, and what differs
    /// by less than the clock's rounding is decided by what the container states.
    private static func lowest(
        of rates: [Rational], _ fitting: RateFit, nominal: Rational, where fits: (RateFit.Fit) -> Bool
    ) -> RateFit.Fit? {
        for (number, rate) in rates.enumerated() {
            let fit = fitting.fit(rate)
            guard fits(fit) else { continue }
            let neighbour = rates.dropFirst(number + 1).first.flatMap { isNear($0, rate) ? fitting.fit($0) : nil }
            let pair = [fit] + [neighbour].compactMap { $0 }.filter(fits)
            let least = pair.map(\.drift).min() ?? 0
            return pair.filter { $0.drift <= least + $0.tick }
                .min { abs(($0.rate - nominal).approximate) < abs(($1.rate - nominal).approximate) }
        }
        return nil
    }

    /// The lowest standard rate at which all but one picture in a hundred are shown; of two neighbours, the one that shows more.
    private static func lowest(showing times: [Int64], timeBase: Rational) -> Rational {
        let index = FrameIndex(
            timeBase: timeBase,
            packets: times.map {
                FrameIndex.Packet(presentation: $0, decoding: nil, position: -1, byteCount: 0, isKey: false, isDiscarded: false)
            })
        func lost(_ rate: Rational) -> Int {
            PictureSchedule(index, rate: rate, origin: Rational(times[0]) * timeBase, frames: nil).lost
        }
        for (rate, next) in zip(standardRates, standardRates.dropFirst() + [Rational(240)]) {
            let missing = lost(rate)
            guard missing * 100 <= times.count else { continue }
            return missing > 0 && isNear(rate, next) && lost(next) < missing ? next : rate
        }
        return Rational(120)
    }

    static func isNear(_ a: Rational, _ b: Rational) -> Bool { abs(a.approximate / b.approximate - 1) < 0.005 }

    /// The standard rate that is `rate` but for half a percent, which is the clock's rounding; else the lowest above it. Rates below the
    /// lowest standard stay as they are.
    static func snapped(_ rate: Rational) -> Rational {
        nearest(to: rate) ?? (rate < standardRates[0] ? bounded(rate) : standardRates.first { $0 > rate } ?? Rational(120))
    }

    static func nearest(to rate: Rational) -> Rational? {
        standardRates.filter { isNear($0, rate) }.min { abs(($0 - rate).approximate) < abs(($1 - rate).approximate) }
    }

    /// A rate becomes a timescale: of one with long parts, the simplest fraction that is the same but for a millionth.
    static func bounded(_ rate: Rational) -> Rational {
        guard max(rate.numerator, rate.denominator) > 1_000_000 else { return rate }
        let margin = Rational(1, 1_000_000)
        return Rational.simplest(between: rate * (.one - margin), and: rate * (.one + margin))
    }
}
