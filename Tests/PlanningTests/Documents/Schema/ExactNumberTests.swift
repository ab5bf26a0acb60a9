import MediaModel
import Testing

@testable import Planning

struct ExactNumberTests {
    @Test(arguments: [
        ("2.5", Rational(5, 2)), ("0", .zero), ("92", Rational(92)), ("00:01:32", Rational(92)),
        ("01:00:00.001", Rational(3_600_001, 1000)), ("0.04170837", Rational(4_170_837, 100_000_000)), ("100:00:00", Rational(360_000)),
        ("2.5000000000", Rational(5, 2)), ("2.000000000", Rational(2)), ("00:00:01.100000000", Rational(11, 10)),
    ])
    func timesAreExact(text: String, time: Rational) {
        #expect(ExactNumber.time(text) == time)
    }

    @Test(arguments: [
        "", "-1", "1:30", "00:60:00", "00:00:60", "00:0:01", "1e3", ".5", "5.", "1,5", "00:00:01:00", "٣", "99999999999", "+1",
        "1.123456789", "1.0000000001",
    ])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(ExactNumber.time(text) == nil)
    }

    @Test(arguments: [("4500k", 4_500_000), ("7.8M", 7_800_000), ("128000", 128_000), ("0.5k", 500)])
    func bitsAreWhole(text: String, bits: Int) {
        #expect(ExactNumber.bits(text) == bits)
    }

    @Test(arguments: [("4500K", "4500k"), ("4500 kbps", "4500k"), ("7.8Mbit/s", "7.8M"), ("7,8M", nil), ("fast", nil)])
    func bitsAreCorrected(text: String, corrected: String?) {
        #expect(ExactNumber.bits(text) == nil)
        #expect(ExactNumber.correctedBits(text) == corrected)
    }

    @Test(arguments: [
        ("25", Rational(25)), ("29.97", Rational(30000, 1001)), ("23.976", Rational(24000, 1001)), ("30000/1001", Rational(30000, 1001)),
        ("12.5", Rational(25, 2)),
    ])
    func frameRatesAreThoseOfVideo(text: String, rate: Rational) {
        #expect(ExactNumber.frameRate(text) == rate)
    }

    @Test(arguments: ["0", "241", "30/0", "-25", "a/b", "1/2/3"])
    func whatIsNoFrameRateIsRefused(text: String) {
        #expect(ExactNumber.frameRate(text) == nil)
    }

    @Test func numbersTooLongForAFractionAreRefusedNotTrappedOn() {
        let long = String(repeating: "9", count: 40)
        #expect(ExactNumber.whole(long) == nil)
        #expect(ExactNumber.decimal("\(long).5") == nil)
        #expect(ExactNumber.decimal("1.\(long)") == nil)
        #expect(ExactNumber.bits("9999999999.999999M") == 9_999_999_999_999_999)
    }

    @Test(arguments: [("500G", 500 << 30), ("1.5T", 3 << 39), ("800M", 800 << 20), ("0.5K", 512), ("0.0001K", 0)])
    func bytesArePowersOf1024(text: String, bytes: Int) {
        #expect(ExactNumber.bytes(text) == bytes)
    }

    @Test(arguments: [
        ("500GB", "500G"), ("500 g", "500G"), ("1.5 TiB", "1.5T"), ("9999999999T", nil), ("G", nil), ("-5G", nil), ("1.3", nil), ("", nil),
        ("4096", nil),
    ])
    func bytesAreCorrected(text: String, corrected: String?) {
        #expect(ExactNumber.bytes(text) == nil)
        #expect(ExactNumber.correctedBytes(text) == corrected)
    }
}
