/// An exact fraction: a time in seconds, a frame rate in frames per second, an aspect ratio. Always reduced, denominator positive.
///
/// Written and read as text, `30000/1001` or `25`, so that nothing on the way to a file rounds it.
package struct Rational: Hashable, Sendable {
    package let numerator: Int64
    package let denominator: Int64

    package static let zero = Rational(0)
    package static let one = Rational(1)

    package init(_ whole: Int64) {
        numerator = whole
        denominator = 1
    }

    /// - Precondition: `denominator` is not 0, and the reduced fraction fits 64 bits each.
    package init(_ numerator: Int64, _ denominator: Int64) {
        self.init(reducing: Int128(numerator), Int128(denominator))
    }

    /// Intermediate products of two 64-bit fractions need up to 128 bits before they are reduced.
    private init(reducing numerator: Int128, _ denominator: Int128) {
        precondition(denominator != 0, "a fraction with the denominator 0")
        let divisor = Rational.greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
        let sign: Int128 = denominator < 0 ? -1 : 1
        self.numerator = Int64(sign * numerator / Int128(divisor))
        self.denominator = Int64(sign * denominator / Int128(divisor))
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
    package var ceiling: Int64 { -(-self).floor }

    /// The nearest whole number; halves go up, as time does.
    package var rounded: Int64 { (self + Rational(1, 2)).floor }

    package var reciprocal: Rational { Rational(denominator, numerator) }

    package static func + (a: Rational, b: Rational) -> Rational {
        Rational(
            reducing: Int128(a.numerator) * Int128(b.denominator) + Int128(b.numerator) * Int128(a.denominator),
            Int128(a.denominator) * Int128(b.denominator))
    }

    package static prefix func - (a: Rational) -> Rational { Rational(-a.numerator, a.denominator) }

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
