import MediaModel

/// Numbers as people write them, read exactly. Lengths are limited so that no text can overflow a fraction.
enum ExactNumber {
    /// Digits only, a minus sign allowed.
    static func whole(_ text: some StringProtocol) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard (1...15).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
        return Int(text)
    }

    /// A whole number, however it is written: `12.0` is one, and JSON makes no difference between the two.
    static func integral(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 1 || (parts.count == 2 && !parts[1].isEmpty && parts[1].allSatisfy { $0 == "0" }) else { return nil }
        return whole(parts[0])
    }

    /// `23`, `23.5`, `-0.25`.
    static func decimal(_ text: some StringProtocol) -> Rational? {
        let isNegative = text.hasPrefix("-")
        guard let number = unsigned(isNegative ? text.dropFirst() : text[...]) else { return nil }
        return isNegative ? -number : number
    }

    /// Seconds as `92.5`, or `HH:MM:SS` with an optional fraction.
    static func time(_ text: some StringProtocol) -> Rational? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 1 { return unsigned(parts[0]) }
        guard parts.count == 3, parts[1].count == 2, (1...4).contains(parts[0].count),
            let hours = whole(parts[0]), hours >= 0, let minutes = whole(parts[1]), (0..<60).contains(minutes),
            parts[2].prefix(while: { $0 != "." }).count == 2, let seconds = unsigned(parts[2]), seconds < Rational(60)
        else { return nil }
        return Rational(Int64(hours * 3600 + minutes * 60)) + seconds
    }

    /// `4500k`, `7.8M` or plain bits; nil where it is no whole number of bits.
    static func bits(_ text: some StringProtocol) -> Int? {
        let factors: [Character: Int64] = ["k": 1000, "M": 1_000_000]
        let factor = text.last.flatMap { factors[$0] }
        guard let number = unsigned(factor == nil ? text[...] : text.dropLast()) else { return nil }
        let bits = number * Rational(factor ?? 1)
        return bits.denominator == 1 ? Int(bits.numerator) : nil
    }

    /// What `4500 kbps` and its like were meant to be; nil where nobody can say.
    static func correctedBits(_ text: String) -> String? {
        var plain = text.lowercased().filter { !$0.isWhitespace }
        for unit in ["bits/s", "bit/s", "bps", "b/s"] where plain.hasSuffix(unit) { plain.removeLast(unit.count) }
        if plain.hasSuffix("m") { plain = plain.dropLast() + "M" }
        return bits(plain) == nil || plain == text ? nil : plain
    }

    /// `500G`, `1.5T`: by powers of 1024, in whole bytes; nil where the unit is missing.
    static func bytes(_ text: some StringProtocol, roundedUp: Bool = false) -> Int? {
        let factors: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        guard let factor = text.last.flatMap({ factors[$0] }), let number = unsigned(text.dropLast()) else { return nil }
        let (above, below) = (UInt(number.numerator).multipliedFullWidth(by: UInt(factor)), UInt(number.denominator))
        guard above.high < below else { return nil }
        let (bytes, rest) = below.dividingFullWidth(above)
        return Int(exactly: roundedUp && rest > 0 ? bytes + 1 : bytes)
    }

    /// What `500 GB` and its like were meant to be; nil where nobody can say.
    static func correctedBytes(_ text: String) -> String? {
        var plain = text.uppercased().filter { !$0.isWhitespace }
        for unit in ["IB", "B"] where plain.hasSuffix(unit) { plain.removeLast(unit.count) }
        return bytes(plain) == nil || plain == text ? nil : plain
    }

    /// `25`, `30000/1001`, `25/1`, and the short forms 23.976, 29.97 and 59.94, which stand for the exact rates of NTSC.
    static func frameRate(_ text: some StringProtocol) -> Rational? {
        let short = ["23.976": 24, "23.98": 24, "29.97": 30, "47.952": 48, "59.94": 60, "119.88": 120]
        if let rate = short[String(text)] { return Rational(Int64(rate) * 1000, 1001) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let rate: Rational?
        if parts.count == 2 {
            guard let above = whole(parts[0]), let below = whole(parts[1]), frameRateDenominators.contains(below) else { return nil }
            rate = Rational(Int64(above), Int64(below))
        } else {
            rate = unsigned(text[...])
        }
        return rate.flatMap { (Rational(1)...Rational(240)).contains($0) ? $0 : nil }
    }

    /// Of the rates that anybody has written as a fraction.
    static let frameRateDenominators = [1, 1000, 1001]

    private static func unsigned(_ text: some StringProtocol) -> Rational? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, (1...10).contains(parts[0].count), parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) })
        else { return nil }
        guard parts.count == 2 else { return Rational(String(parts[0])) }
        // Zeros at the end say nothing.
        let places = parts[1].count - parts[1].reversed().prefix { $0 == "0" }.count
        guard places <= 8 else { return nil }
        return Rational(places == 0 ? String(parts[0]) : "\(parts[0]).\(parts[1].prefix(places))")
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
