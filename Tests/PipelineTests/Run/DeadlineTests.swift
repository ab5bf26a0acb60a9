import Foundation
import Testing

@testable import Pipeline

/// What people write after `--deadline`.
@Suite struct DeadlineTests {
    private let calendar: Calendar
    private let now: Date

    init() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "Europe/Berlin"))
        self.calendar = calendar
        now = try #require(calendar.date(from: DateComponents(year: 2026, month: 11, day: 20, hour: 22, minute: 30)))
    }

    private func hours(_ text: String) -> Double? {
        Deadline.parse(text, now: now, calendar: calendar).map { $0.timeIntervalSince(now) / 3600 }
    }

    @Test func timesOfTheDayAreTheNextSuch() {
        #expect(hours("06:00") == 7.5)
        #expect(hours("23:00") == 0.5)
        #expect(hours("22:30") == 24)
    }

    @Test func aNightWithAChangeOfTheClockIsAnHourLonger() throws {
        let before = try #require(calendar.date(from: DateComponents(year: 2026, month: 10, day: 24, hour: 22)))
        let end = try #require(Deadline.parse("06:00", now: before, calendar: calendar))
        #expect(end.timeIntervalSince(before) == 9 * 3600)
    }

    @Test func lengths() {
        #expect(hours("4h") == 4)
        #expect(hours("90m") == 1.5)
        #expect(hours("1h30m") == 1.5)
        #expect(hours("900s") == 0.25)
    }

    @Test(arguments: ["", "4", "h", "25:00", "6:00", "06:60", "4h30", "30m4h", "-4h", "soon"])
    func anythingElseIsNone(_ text: String) { #expect(hours(text) == nil) }
}
