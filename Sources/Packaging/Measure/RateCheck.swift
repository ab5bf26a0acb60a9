import Formats
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
    ///   its time, and also more than what the leaky bucket holds at the run's start would explain, with 2 % for rounding.
    static func report(
        _ segments: [CodedSegment], cap: RateCap, timescale: Int64, target: Int, rendition: String
    ) throws(PackagingError) -> RateBufferReport {
        let weights = segments.map(\.weight)
        let bucket = LeakyBucket.run(segments.map(\.frames), cap: cap, timescale: timescale)
        var peak = 0
        for window in BitRate.windows(weights, timescale: timescale, target: target) {
            let bits = weights[window].reduce(0) { $0 + $1.bits }
            let ticks = weights[window].reduce(0) { $0 + $1.duration }
            peak = max(peak, BitRate.rate(bits, over: ticks, timescale: timescale))
            let carried = Rational(Int64(cap.maxRate)) * Rational(ticks, timescale)
            let allowed = max(
                carried * Rational(110, 100), (carried + Rational(bucket.fullness[window.lowerBound])) * Rational(102, 100))
            guard Rational(bits) <= allowed else {
                throw exceeded(window, bits: bits, allowed: allowed, ticks: ticks, timescale: timescale, cap: cap, rendition)
            }
        }
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
    /// What became of the buffer.
    struct Report {
        /// Bits at the emptiest moment; below 0 by what was missing.
        var lowestFullness: Int
        /// Frames that were not there in time.
        var underflows: Int
        /// Bits at the start of each segment; 0 where it is in debt.
        var fullness: [Int64]
    }

    /// Filled at `maxRate` up to `bufferSize`, begun half full; each frame takes its bits out at once, at its decode time. What is
    /// missing is kept as a debt, so that the depth of an underflow shows.
    static func run(_ segments: [[BitRate.Weight]], cap: RateCap, timescale: Int64) -> Report {
        // Counted in bits times timescale, so that every refill is a whole number.
        let size = Int64(cap.bufferSize) * timescale
        var fullness = size / 2
        var lowest = fullness
        var report = Report(lowestFullness: 0, underflows: 0, fullness: [])
        for segment in segments {
            report.fullness.append(max(0, fullness / timescale))
            for frame in segment {
                fullness -= frame.bits * timescale
                lowest = min(lowest, fullness)
                if fullness < 0 { report.underflows += 1 }
                fullness = min(size, fullness + Int64(cap.maxRate) * frame.duration)
            }
        }
        report.lowestFullness = Int(Rational(lowest, timescale).floor)
        return report
    }
}
