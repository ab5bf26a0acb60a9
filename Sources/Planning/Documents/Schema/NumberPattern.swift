import MediaModel

/// Regular expressions (ECMA-262) for numbers in a range: how the JSON Schema says of a number in quotes what `minimum` and `maximum` say
/// of
/// one without.
enum NumberPattern {
    /// Whole numbers of a range, anchored; a fraction of zeros may stand behind them, and zeros in front.
    /// - Parameter isEven: only every second one.
    static func whole(_ range: ClosedRange<Int>, isEven: Bool = false) -> String {
        let parity = isEven ? #"(?=[0-9]*[02468](\.|$))"# : ""
        return "^\(parity)0*(\(digits(max(0, range.lowerBound)...range.upperBound)))(\\.0+)?$"
    }

    /// Decimal numbers of a range, without anchors.
    /// - Parameters:
    ///   - unit: what must follow.
    ///   - places: how many digits of a fraction may be other than zero.
    static func decimal(_ range: ClosedRange<Rational>, unit: String = "", places: Int = 8) -> String {
        let body = places == 0 ? #"[0-9]{1,10}(\.0+)?"# : #"[0-9]{1,10}(\.[0-9]{1,\#(places)}0*)?"#
        return "(?=0*(\(atLeast(range.lowerBound)))\(unit)$)(?=0*(\(atMost(range.upperBound)))\(unit)$)\(body)\(unit)"
    }

    /// Times of a range as `HH:MM:SS`, with a fraction or without, without anchors. From an hour on every time is taken.
    static func clock(_ range: ClosedRange<Rational>) -> String {
        guard range.upperBound < Rational(3600) else { return #"[0-9]{1,4}:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,8}0*)?"# }
        let minutes = (range.lowerBound / Rational(60)).floor...(range.upperBound / Rational(60)).floor
        let forms = minutes.map { minute in
            let start = Rational(60 * minute)
            let seconds = max(.zero, range.lowerBound - start)...min(Rational(5_999_999_999, 100_000_000), range.upperBound - start)
            return "\(minute < 10 ? "0" : "")\(minute):(?=[0-9]{2}(\\.|$))\(decimal(seconds))"
        }
        return "0{1,4}:(\(forms.joined(separator: "|")))"
    }

    // MARK: Whole numbers

    /// Those of a range of numbers that are not negative, without zeros in front.
    private static func digits(_ range: ClosedRange<Int>) -> String {
        var parts: [String] = []
        var low = range.lowerBound
        while low <= range.upperBound {
            // One length after another: 5 to 120 is 5 to 9, 10 to 99 and 100 to 120.
            let length = String(low).count
            let high = min(range.upperBound, Int(String(repeating: "9", count: length)) ?? range.upperBound)
            parts.append(between(Array(String(low)), Array(String(high))))
            low = high + 1
        }
        return parts.joined(separator: "|")
    }

    /// Numbers of one length.
    private static func between(_ low: [Character], _ high: [Character]) -> String {
        guard let first = low.first?.wholeNumberValue, let last = high.first?.wholeNumberValue else { return "" }
        let (lowRest, highRest) = (Array(low.dropFirst()), Array(high.dropFirst()))
        if first == last { return "\(first)\(group(between(lowRest, highRest)))" }
        var parts: [String] = []
        var (start, end) = (first, last)
        if lowRest.contains(where: { $0 != "0" }) {
            parts.append("\(first)\(group(between(lowRest, lowRest.map { _ in "9" })))")
            start += 1
        }
        var tail: String?
        if highRest.contains(where: { $0 != "9" }) {
            tail = "\(last)\(group(between(highRest.map { _ in "0" }, highRest)))"
            end -= 1
        }
        if start <= end { parts.append((start == end ? "\(start)" : "[\(start)-\(end)]") + any(lowRest.count)) }
        return (parts + (tail.map { [$0] } ?? [])).joined(separator: "|")
    }

    private static func any(_ count: Int) -> String { count == 0 ? "" : count == 1 ? "[0-9]" : "[0-9]{\(count)}" }

    private static func group(_ pattern: String) -> String { pattern.contains("|") ? "(\(pattern))" : pattern }

    // MARK: Decimal numbers

    private static let anyFraction = #"(\.[0-9]+)?"#
    private static let longest = 9_999_999_999

    private static func atLeast(_ bound: Rational) -> String {
        let (whole, fraction) = parts(roundedUp(bound))
        var parts = ["(\(digits((whole + 1)...longest)))\(anyFraction)"]
        if fraction.isEmpty {
            parts.append("\(whole)\(anyFraction)")
        } else {
            for (index, digit) in fraction.enumerated() where digit < 9 {
                parts.append("\(whole)\\.\(text(fraction[..<index]))[\(digit + 1)-9][0-9]*")
            }
            parts.append("\(whole)\\.\(text(fraction[...]))[0-9]*")
        }
        return parts.joined(separator: "|")
    }

    private static func atMost(_ bound: Rational) -> String {
        let (whole, fraction) = parts(bound)
        var parts = ["\(whole)(\\.\(text(fraction[...]))0*)?"]
        if fraction.isEmpty { parts = [#"\#(whole)(\.0+)?"#] }
        if whole > 0 { parts.append("(\(digits(0...(whole - 1))))\(anyFraction)") }
        for (index, digit) in fraction.enumerated() {
            if index > 0 { parts.append("\(whole)\\.\(text(fraction[..<index]))") }
            if digit > 0 { parts.append("\(whole)\\.\(text(fraction[..<index]))[0-\(digit - 1)][0-9]*") }
        }
        return parts.joined(separator: "|")
    }

    private static func text(_ digits: ArraySlice<Int>) -> String { digits.map(String.init).joined() }

    /// The least number of eight places that is not below: no number has more.
    private static func roundedUp(_ number: Rational) -> Rational {
        let places: Int64 = 100_000_000
        return Rational((number * Rational(places)).ceiling, places)
    }

    /// The whole part and the digits of the fraction, at most eight.
    private static func parts(_ number: Rational) -> (whole: Int, fraction: [Int]) {
        let whole = number.floor
        var rest = number - Rational(whole)
        var digits: [Int] = []
        while rest > .zero, digits.count < 8 {
            rest = rest * Rational(10)
            digits.append(Int(rest.floor))
            rest = rest - Rational(rest.floor)
        }
        return (Int(whole), digits)
    }
}
