/// An exact fraction: a time in seconds, a frame rate in frames per second, an aspect ratio. Always reduced, denominator positive.
///
/// Written and read as text, `30000/1001` or `25`, so that nothing on the way to a file rounds it. Arithmetic is exact wherever the reduced
/// result fits 64 bits above and below the line, and never traps: what does not fit is the nearest fraction that does, and what is too
/// large
/// is `largest`. Nothing that a film holds comes near (`SourceInfo.implausibleFact` refuses what does), so no title is ever made of a
/// rounded time.
package struct Rational: Hashable, Sendable {
    package let numerator: Int64
    package let denominator: Int64

    package static let zero = Rational(0)
    package static let one = Rational(1)
    /// Where arithmetic ends: what is larger, and what is divided by nothing, is this, or its negative.
    package static let largest = Rational(.max)

    package init(_ whole: Int64) {
        numerator = whole
        denominator = 1
    }

    /// - Parameter denominator: 0 makes a fraction that is as large as one can be, or 0 where the numerator is 0 too.
    package init(_ numerator: Int64, _ denominator: Int64) {
        self.init(reducing: Int128(numerator), Int128(denominator))
    }

    /// Intermediate products of two 64-bit fractions need up to 128 bits before they are reduced.
    private init(reducing numerator: Int128, _ denominator: Int128) {
        let isNegative = (numerator < 0) != (denominator < 0)
        var (above, below) = (numerator.magnitude, denominator.magnitude)
        let divisor = Rational.greatestCommonDivisor(above, below)
        (above, below) = (above / divisor, below / divisor)
        let most = UInt128(Int64.max)
        if above > most || below > most { (above, below) = Rational.nearest(to: above, below, atMost: most) }
        // Nothing divided by nothing is nothing.
        if below == 0 { (above, below) = (above == 0 ? 0 : most, 1) }
        self.numerator = isNegative ? -Int64(above) : Int64(above)
        self.denominator = Int64(below)
    }

    /// The last convergent of the continued fraction whose parts are at most `most`: no fraction with as small a denominator is nearer.
    private static func nearest(to above: UInt128, _ below: UInt128, atMost most: UInt128) -> (above: UInt128, below: UInt128) {
        var (earlier, latest) = ((above: UInt128(0), below: UInt128(1)), (above: UInt128(1), below: UInt128(0)))
        var (rest, divisor) = (above, below)
        while divisor != 0 {
            let quotient = rest / divisor
            // Both parts of a convergent are below 2^63: only a quotient beyond that can overflow, and ends the search too.
            guard quotient <= most else { break }
            let next = (above: quotient * latest.above + earlier.above, below: quotient * latest.below + earlier.below)
            guard next.above <= most, next.below <= most else { break }
            (earlier, latest) = (latest, next)
            (rest, divisor) = (divisor, rest % divisor)
        }
        return latest.below == 0 ? (most, 1) : latest
    }

    private static func greatestCommonDivisor(_ a: UInt128, _ b: UInt128) -> UInt128 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return max(a, 1)
    }

    /// For printing and for estimates only; nothing that is written or compared goes through it.
    package var approximate: Double { Double(numerator) / Double(denominator) }

    /// The largest whole number not above the fraction.
    package var floor: Int64 {
        let quotient = numerator / denominator
        return numerator % denominator < 0 ? quotient - 1 : quotient
    }

    /// The smallest whole number not below the fraction.
    package var ceiling: Int64 {
        let quotient = numerator / denominator
        return numerator % denominator > 0 ? quotient + 1 : quotient
    }

    /// The nearest whole number; halves go up, as time does.
    package var rounded: Int64 { (self + Rational(1, 2)).floor }

    package var reciprocal: Rational { Rational(denominator, numerator) }

    package static func + (a: Rational, b: Rational) -> Rational {
        Rational(
            reducing: Int128(a.numerator) * Int128(b.denominator) + Int128(b.numerator) * Int128(a.denominator),
            Int128(a.denominator) * Int128(b.denominator))
    }

    package static prefix func - (a: Rational) -> Rational { Rational(reducing: -Int128(a.numerator), Int128(a.denominator)) }

    package static func - (a: Rational, b: Rational) -> Rational { a + -b }

    package static func * (a: Rational, b: Rational) -> Rational {
        Rational(
            reducing: Int128(a.numerator) * Int128(b.numerator), Int128(a.denominator) * Int128(b.denominator))
    }

    package static func / (a: Rational, b: Rational) -> Rational {
        Rational(
            reducing: Int128(a.numerator) * Int128(b.denominator), Int128(a.denominator) * Int128(b.numerator))
    }
}

extension Rational {
    /// The fraction with the smallest denominator between two positive ones, or one of them.
    package static func simplest(between a: Rational, and b: Rational) -> Rational {
        // Walks down both ends' common continued fraction; where they part lies the answer.
        var (low, high) = (min(a, b), max(a, b))
        var wholes: [Int64] = []
        while low > .zero, low.denominator != 1, low.floor == high.floor, high.denominator != 1 {
            wholes.append(low.floor)
            (low, high) = ((high - Rational(low.floor)).reciprocal, (low - Rational(low.floor)).reciprocal)
        }
        // The smaller end's next whole number, if that is still in range.
        let start = low.denominator == 1 ? low : Rational(low.floor + 1) <= high ? Rational(low.floor + 1) : high
        return wholes.reversed().reduce(start) { Rational($1) + $0.reciprocal }
    }
}

extension Rational: Comparable {
    package static func < (a: Rational, b: Rational) -> Bool {
        Int128(a.numerator) * Int128(b.denominator) < Int128(b.numerator) * Int128(a.denominator)
    }
}

extension Rational: CustomStringConvertible {
    package var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

    /// Reads `30000/1001`, `25`, `-3` and decimals such as `2.5` or `0.001`, all exactly; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard let numerator = Int64(parts[0]), let denominator = Int64(parts[1]), denominator > 0 else { return nil }
            self.init(numerator, denominator)
            return
        }
        guard parts.count == 1 else { return nil }
        let decimal = text.split(separator: ".", omittingEmptySubsequences: false)
        guard decimal.count <= 2, let whole = Int64(decimal[0] == "-" ? "" : decimal[0]) else { return nil }
        guard decimal.count == 2 else {
            self.init(whole)
            return
        }
        let digits = decimal[1]
        guard !digits.isEmpty, digits.count <= 9, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let fraction = Int64(digits)
        else { return nil }
        var scale: Int64 = 1
        for _ in digits { scale *= 10 }
        let part = Rational(fraction, scale)
        self = decimal[0].hasPrefix("-") ? Rational(whole) - part : Rational(whole) + part
    }
}

extension Rational: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Rational(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not a fraction"))
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
