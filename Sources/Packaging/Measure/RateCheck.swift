import MediaModel

/// Holds a joined rendition against the cap that its chunks were encoded under.
enum RateCheck {
    /// What one segment of a rendition holds, without its container.
    struct CodedSegment: Hashable {
        /// Bits and ticks of every frame in decoding order.
        var frames: [BitRate.Weight]

        var weight: BitRate.Weight {
            BitRate.Weight(
                bits: frames.reduce(0) { $0 + $1.bits }, duration: frames.reduce(0) { $0 + $1.duration })
        }
    }

    /// Runs the leaky bucket over all segments, and measures their peak.
    ///
    /// - Throws: `rateExceeded` where a run of segments (as a peak is measured) holds more bits than 1.10 times what `maxRate` carries in
    ///   its time, and also more than a buffer half full at its start would explain, with 2 % for rounding.
    static func report(
        _ segments: [CodedSegment], cap: RateCap, timescale: Int64, target: Int, rendition: String
    ) throws(PackagingError) -> RateBufferReport {
        let weights = segments.map(\.weight)
        var peak = 0
        for window in BitRate.windows(weights, timescale: timescale, target: target) {
            let bits = weights[window].reduce(0) { $0 + $1.bits }
            let ticks = weights[window].reduce(0) { $0 + $1.duration }
            peak = max(peak, BitRate.rate(bits, over: ticks, timescale: timescale))
            let carried = Rational(Int64(cap.maxRate)) * Rational(ticks, timescale)
            let allowed = max(
                carried * Rational(110, 100), (carried + Rational(Int64(cap.bufferSize), 2)) * Rational(102, 100))
            guard Rational(bits) <= allowed else {
                throw exceeded(window, bits: bits, allowed: allowed, ticks: ticks, timescale: timescale, cap: cap, rendition)
            }
        }
        let bucket = LeakyBucket.run(segments.flatMap(\.frames), cap: cap, timescale: timescale)
        return RateBufferReport(
            size: cap.bufferSize, lowestFullness: bucket.lowestFullness, underflows: bucket.underflows, peakRate: peak)
    }

    private static func exceeded(
        _ window: Range<Int>, bits: Int64, allowed: Rational, ticks: Int64, timescale: Int64, cap: RateCap, _ rendition: String
    ) -> PackagingError {
        let rate = BitRate.rate(bits, over: ticks, timescale: timescale)
        let percent = cap.maxRate > 0 ? rate * 100 / cap.maxRate : 0
        return PackagingError(
            .rateExceeded, rendition,
            "segments \(window.lowerBound + 1) to \(window.upperBound) hold \(bits) bits in "
                + "\(DecimalText.seconds(Rational(ticks, timescale), digits: 3)) s, \(rate) bit/s, \(percent) % of maxrate \(cap.maxRate) "
                + "(bufsize \(cap.bufferSize)), where \(allowed.floor) bits are allowed; raise maxrate or bufsize in the preset, "
                + "or use an encoder setting that keeps to them")
    }
}

/// The decoder's buffer of ITU-T H.264, Annex C, in its simplest form.
enum LeakyBucket {
    /// Filled at `maxRate` up to `bufferSize`, begun half full; each frame takes its bits out at once, at its decode time. What is
    /// missing is kept as a debt, so that the depth of an underflow shows.
    static func run(_ frames: [BitRate.Weight], cap: RateCap, timescale: Int64) -> (lowestFullness: Int, underflows: Int) {
        // Counted in bits times timescale, so that every refill is a whole number.
        let size = Int64(cap.bufferSize) * timescale
        var fullness = size / 2
        var lowest = fullness
        var underflows = 0
        for frame in frames {
            fullness -= frame.bits * timescale
            lowest = min(lowest, fullness)
            if fullness < 0 { underflows += 1 }
            fullness = min(size, fullness + Int64(cap.maxRate) * frame.duration)
        }
        return (Int(Rational(lowest, timescale).floor), underflows)
    }
}
