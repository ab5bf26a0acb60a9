import Foundation

/// The three ways in which S3 and its kin write a moment.
enum AmazonTime {
    /// `20150830T123600Z`, of a signature.
    static func timestamp(_ time: Date) -> String {
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: time)
        let two = { (number: Int?) in ((number ?? 0) < 10 ? "0" : "") + String(number ?? 0) }
        return "\(parts.year ?? 0)\(two(parts.month))\(two(parts.day))T\(two(parts.hour))\(two(parts.minute))\(two(parts.second))Z"
    }

    /// `Sun, 30 Aug 2015 12:36:00 GMT`, of the `Date` and `Retry-After` headers (RFC 9110, 5.6.7).
    static func parseHeader(_ text: String) -> Date? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3 else { return nil }
        return date(year: Int(words[3]), month: month + 1, day: Int(words[1]), clock)
    }

    /// `2015-08-30T12:36:00.000Z`, of XML and JSON answers; programs write `+02:00` too.
    static func parseISO(_ text: String) -> Date? {
        let halves = text.split(separator: "T")
        guard halves.count == 2 else { return nil }
        let day = halves[0].split(separator: "-").compactMap { Int($0) }
        let clock = halves[1].prefix { $0.isNumber || $0 == ":" }
        let zone = halves[1].dropFirst(clock.count).drop { $0.isNumber || $0 == "." }
        let numbers = clock.split(separator: ":").compactMap { Int($0) }
        guard day.count == 3, numbers.count == 3, let ahead = secondsAhead(zone) else { return nil }
        return date(year: day[0], month: day[1], day: day[2], numbers)?.addingTimeInterval(-ahead)
    }

    /// Of UTC: `Z`, `+02:00`, `-0530`, `+02`. nil: no zone.
    private static func secondsAhead(_ zone: Substring) -> Double? {
        guard let sign = zone.first, zone != "Z" else { return 0 }
        let digits = zone.dropFirst().filter { $0 != ":" }
        guard sign == "+" || sign == "-", digits.count == 2 || digits.count == 4, let number = UInt(digits) else { return nil }
        let minutes = digits.count == 2 ? number * 60 : number / 100 * 60 + number % 100
        return Double(minutes) * (sign == "-" ? -60 : 60)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
        return calendar
    }()

    private static func date(year: Int?, month: Int, day: Int?, _ clock: [Int]) -> Date? {
        guard let year, let day else { return nil }
        return calendar.date(
            from: DateComponents(year: year, month: month, day: day, hour: clock[0], minute: clock[1], second: clock[2]))
    }
}
