import MediaModel

/// Numbers as people read them. Only for messages and tables; nothing that shapes bytes goes through it.
enum PlanText {
    /// Seconds with three decimals, such as `2.002`.
    static func seconds(_ value: Rational) -> String { decimal(value, places: 3) }

    /// Frames per second with at most three decimals: `29.97`, `25`, `23.976`.
    static func frameRate(_ value: Rational) -> String { trimZeros(decimal(value, places: 3)) }

    /// Hours, minutes, seconds: `1:02:03.004`, `0:08.500`.
    static func clock(_ value: Rational) -> String {
        let milliseconds = (value * Rational(1000)).rounded
        return "\(wholeClock(milliseconds / 1000)).\(padded(milliseconds % 1000, 3))"
    }

    /// Whole seconds, with hours where there are any: `1:02:03`, `0:08`.
    static func wholeClock(_ seconds: Int64) -> String {
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, padded(seconds % 60, 2))
        return hours > 0 ? "\(hours):\(padded(minutes, 2)):\(rest)" : "\(minutes):\(rest)"
    }

    /// Bits per second: `7.8 Mb/s`, `145 kb/s`.
    static func bitRate(_ bits: Int) -> String {
        bits >= 1_000_000
            ? trimZeros(decimal(Rational(Int64(bits), 1_000_000), places: 2)) + " Mb/s"
            : trimZeros(decimal(Rational(Int64(bits), 1000), places: 1)) + " kb/s"
    }

    static func decimal(_ value: Rational, places: Int) -> String {
        let scale = (0..<places).reduce(Int64(1)) { product, _ in product * 10 }
        let scaled = (value * Rational(scale)).rounded
        let sign = scaled < 0 ? "-" : ""
        let (whole, fraction) = scaled.magnitude.quotientAndRemainder(dividingBy: scale.magnitude)
        return places == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(padded(Int64(fraction), places))"
    }

    private static func trimZeros(_ text: String) -> String {
        guard text.contains(".") else { return text }
        let end = text.lastIndex { $0 != "0" } ?? text.startIndex
        return String(text[...end].hasSuffix(".") ? text[..<end] : text[...end])
    }

    private static func padded(_ value: Int64, _ digits: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
