package import MediaModel

/// Exact fractions as the decimals that playlists are written in.
package enum DecimalText {
    /// `value` rounded to the nearest, with exactly `digits` decimals.
    package static func seconds(_ value: Rational, digits: Int) -> String {
        text((value * Rational(scale(digits))).rounded, digits: digits)
    }

    /// As `seconds`, but never below `value`.
    package static func roundedUp(_ value: Rational, digits: Int) -> String {
        text((value * Rational(scale(digits))).ceiling, digits: digits)
    }

    /// `count` units of which 10 to the power of `digits` make one.
    package static func text(_ count: Int64, digits: Int) -> String {
        let sign = count < 0 ? "-" : ""
        let (whole, part) = count.magnitude.quotientAndRemainder(dividingBy: UInt64(scale(digits)))
        guard digits > 0 else { return "\(sign)\(whole)" }
        let tail = String(part)
        return "\(sign)\(whole)." + String(repeating: "0", count: digits - tail.count) + tail
    }

    private static func scale(_ digits: Int) -> Int64 { (0..<digits).reduce(1) { product, _ in product * 10 } }
}
