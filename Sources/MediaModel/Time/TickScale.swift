/// Source times as places on the output's clock, by whole numbers alone. Nothing in it overflows, whatever the numbers are.
struct TickScale {
    /// Where a time lies between the ticks of the output.
    struct Place: Comparable {
        /// The last tick at or before it.
        var floor: Int64
        /// The part of a tick after that, in 2^-32; 0 only on the tick itself.
        var part: UInt32

        var ceiling: Int64 { part == 0 ? floor : floor + 1 }
        /// The part of a tick in sixteenths, rounded; 16 of them are the next tick, which is 0 again.
        var sixteenth: Int64 { (Int64(part) + 1 << 27) >> 28 & 15 }

        /// The nearest tick as seen from `phase` sixteenths beside the ticks (-7 to 8); halves go up, as time does.
        func nearest(phase: Int64) -> Int64 {
            let shifted = Int64(part) - phase << 28
            return min(max(floor + (shifted + 1 << 31) >> 32, floor), ceiling)
        }

        static func < (a: Place, b: Place) -> Bool { (a.floor, a.part) < (b.floor, b.part) }
    }

    private let multiplier: Int128
    private let offset: Int128
    private let divisor: Int128

    init(timeBase: Rational, rate: Rational, origin: Rational) {
        let perTick = timeBase * rate
        let start = origin * rate
        multiplier = Int128(perTick.numerator) * Int128(start.denominator)
        offset = Int128(start.numerator) * Int128(perTick.denominator)
        divisor = Int128(perTick.denominator) * Int128(start.denominator)
    }

    /// - Parameter reach: places further off are there.
    func place(of time: Int64, within reach: Int64) -> Place {
        let (scaled, isTooLarge) = multiplier.multipliedReportingOverflow(by: Int128(time))
        let (above, isTooFar) = scaled.subtractingReportingOverflow(offset)
        guard !isTooLarge, !isTooFar else { return Place(floor: time < 0 ? -reach : reach, part: 0) }
        var (floor, rest) = above.quotientAndRemainder(dividingBy: divisor)
        if rest < 0 { (floor, rest) = (floor - 1, rest + divisor) }
        guard floor.magnitude < UInt128(reach) else { return Place(floor: floor < 0 ? -reach : reach, part: 0) }
        // The upper 63 bits of both tell the part to 2^-32.
        let excess = Int128(max(0, 65 - divisor.leadingZeroBitCount))
        let part = (UInt128(rest >> excess) << 32) / UInt128(divisor >> excess)
        return Place(floor: Int64(floor), part: UInt32(min(max(part, rest > 0 ? 1 : 0), UInt128(UInt32.max))))
    }
}
