package import Foundation

/// What a person writes after `--deadline`: a time of the day or a length of time.
package enum Deadline {
    /// - Parameters:
    ///   - text: `06:00` (the next such local time), or hours, minutes and seconds such as `4h`, `90m`, `1h30m` or `45s`.
    ///   - now: what it is counted from.
    /// - Returns: nil for anything else.
    package static func parse(_ text: String, now: Date, calendar: Calendar = .current) -> Date? {
        text.contains(":") ? timeOfDay(text, now: now, calendar: calendar) : length(text).map { now.addingTimeInterval($0) }
    }

    private static func timeOfDay(_ text: String, now: Date, calendar: Calendar) -> Date? {
        let words = text.split(separator: ":", omittingEmptySubsequences: false)
        guard words.count == 2, words.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isWholeNumber) }), let hour = Int(words[0]),
            let minute = Int(words[1]), hour < 24, minute < 60
        else { return nil }
        return calendar.nextDate(
            after: now, matching: DateComponents(hour: hour, minute: minute, second: 0), matchingPolicy: .nextTime)
    }

    /// Seconds of a length such as `1h30m`; nil for anything else.
    package static func length(_ text: String) -> Double? {
        guard let match = try? /(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?/.wholeMatch(in: text), !text.isEmpty else { return nil }
        let hours = match.1.flatMap { Double($0) } ?? 0
        let minutes = match.2.flatMap { Double($0) } ?? 0
        let seconds = match.3.flatMap { Double($0) } ?? 0
        return hours * 3600 + minutes * 60 + seconds
    }
}
