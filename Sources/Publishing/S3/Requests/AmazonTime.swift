import Foundation

/// The three ways in which S3 and its kin write a moment, all in UTC.
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

    /// `2015-08-30T12:36:00.000Z`, of XML and JSON answers.
    static func parseISO(_ text: String) -> Date? {
        let halves = text.split(separator: "T")
        guard halves.count == 2 else { return nil }
        let day = halves[0].split(separator: "-").compactMap { Int($0) }
        let clock = halves[1].prefix { $0 != "." && $0 != "Z" && $0 != "+" }.split(separator: ":").compactMap { Int($0) }
        guard day.count == 3, clock.count == 3 else { return nil }
        return date(year: day[0], month: day[1], day: day[2], clock)
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
