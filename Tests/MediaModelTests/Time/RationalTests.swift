import Foundation
import MediaModel
import Testing

struct RationalTests {
    private static let ntsc = Rational(30000, 1001)

    @Test func isReducedWithAPositiveDenominator() {
        let fraction = Rational(60000, -2002)
        #expect(fraction.numerator == -30000)
        #expect(fraction.denominator == 1001)
        #expect(fraction == Rational(-30000, 1001))
        #expect(Rational(0, -7) == .zero)
        #expect(Rational(0, -7).denominator == 1)
        #expect(Rational(48000, 48000).hashValue == Rational.one.hashValue)
    }

    @Test func addsAndMultipliesWithoutRounding() {
        #expect(Rational(1, 3) + Rational(1, 6) == Rational(1, 2))
        #expect(Rational(1, 3) - Rational(1, 2) == Rational(-1, 6))
        #expect(Rational(2, 3) * Rational(3, 4) == Rational(1, 2))
        #expect(Rational(2, 3) / Rational(-4, 3) == Rational(-1, 2))
        #expect(-Rational(1, 2) == Rational(-1, 2))
        #expect(Self.ntsc * Self.ntsc.reciprocal == .one)
        // A day of frames, one by one, is still exactly a day of frames.
        var sum = Rational.zero
        for _ in 0..<10_000 { sum = sum + Self.ntsc.reciprocal }
        #expect(sum == Rational(10_010_000, 30_000))
    }

    @Test func productsMayPassSixtyFourBitsBeforeTheyAreReduced() {
        let long = Rational(.max, 90_000)
        #expect(long * Rational(90_000) == Rational(.max))
        #expect(long / long == .one)
        #expect(long - long == .zero)
        #expect(Rational(.max, 6) + Rational(.max, 6) == Rational(.max, 3))
        #expect(Rational(.min, .min) == .one)
        #expect(Rational(.min).floor == .min)
        #expect(Rational(.max).ceiling == .max)
    }

    /// Whatever a file says, no arithmetic brings the program down, and what fits is exact.
    @Test func nothingTraps() {
        var random: UInt64 = 11
        func next() -> Int64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let extremes: [Int64] = [.min, .min + 1, .max, .max - 1, 0, 1, -1, 90_000, 1001, 1 << 32, -(1 << 62)]
            let number = Int64(bitPattern: random) >> Int64(random >> 58 & 63)
            return random >> 33 & 3 == 0 ? extremes[Int(random >> 40) % extremes.count] : number
        }
        for _ in 0..<20_000 {
            let (a, b) = (Rational(next(), next()), Rational(next(), next()))
            for value in [a, b, a + b, a - b, a * b, a / b, -a, a.reciprocal, Rational(next())] {
                #expect(value.denominator > 0)
                #expect(value.floor <= value.ceiling)
                _ = (value.rounded, value.approximate, value.description, -value, value.reciprocal, value + .one, value < a)
            }
            let product = a.approximate * b.approximate
            if abs(product) < 1e17, abs(product) > 1e-17 { #expect(abs((a * b).approximate / product - 1) < 1e-9) }
        }
    }

    @Test func whatDoesNotFitIsTheNearestThatDoes() {
        #expect(Rational(.max) + .one == .largest)
        #expect(-Rational(.max) - Rational(.max) == -Rational.largest)
        #expect(Rational.one / .zero == .largest)
        #expect(Rational(-1) / .zero == -Rational.largest)
        #expect(Rational.zero / .zero == .zero)
        #expect(Rational.zero.reciprocal == .largest)
        #expect(Rational(1, .max) * Rational(1, .max) == .zero)
        let third = Rational(.max / 3, .max) * Rational(.max - 1, .max)
        #expect(abs(third.approximate - 1.0 / 3) < 1e-12)
    }

    @Test func findsTheSimplestFractionBetweenTwo() {
        #expect(Rational.simplest(between: Rational(29961, 1000), and: Rational(29971, 1000)) == Rational(779, 26))
        #expect(Rational.simplest(between: Rational(31, 100), and: Rational(36, 100)) == Rational(1, 3))
        #expect(Rational.simplest(between: Rational(7, 2), and: Rational(5, 2)) == Rational(3))
        #expect(Rational.simplest(between: Rational(25), and: Rational(26)) == Rational(25))
        #expect(Rational.simplest(between: Self.ntsc, and: Self.ntsc) == Self.ntsc)
        #expect(Rational.simplest(between: .zero, and: .largest) == .zero)
    }

    @Test func comparesFractionsThatDoublesCannotTellApart() {
        #expect(Rational(.max - 1, .max) < Rational.one)
        #expect(Rational(.max - 2, .max - 1) < Rational(.max - 1, .max))
        #expect(Rational(.min) < Rational(.max))
        #expect(Rational(-1, 2) < Rational(-1, 3))
        #expect(
            [Rational(1, 2), .zero, Rational(-3), Self.ntsc, Rational(30)].sorted() == [
                Rational(-3), .zero, Rational(1, 2), Self.ntsc, Rational(30),
            ])
    }

    @Test(
        arguments: [
            (Rational(5, 2), 2, 3, 3), (Rational(-5, 2), -3, -2, -2), (Rational(1, 2), 0, 1, 1), (Rational(-1, 2), -1, 0, 0),
            (Rational(7, 3), 2, 3, 2), (Rational(-7, 3), -3, -2, -2), (Rational(8, 3), 2, 3, 3), (Rational(4), 4, 4, 4),
            (Rational(-4), -4, -4, -4),
        ] as [(Rational, Int64, Int64, Int64)])
    func halvesGoUpOnBothSidesOfZero(_ value: Rational, _ floor: Int64, _ ceiling: Int64, _ rounded: Int64) {
        #expect(value.floor == floor)
        #expect(value.ceiling == ceiling)
        #expect(value.rounded == rounded)
    }

    @Test(arguments: [
        ("30000/1001", Rational(30000, 1001)), ("25", Rational(25)), ("-3", Rational(-3)), ("2.5", Rational(5, 2)),
        ("0.001", Rational(1, 1000)),
        ("-0.5", Rational(-1, 2)), ("-2.25", Rational(-9, 4)), ("6/4", Rational(3, 2)), ("-1/3", Rational(-1, 3)), ("0", Rational(0)),
        ("0.000000001", Rational(1, 1_000_000_000)), ("9223372036854775807", Rational(.max)), ("-9223372036854775808", Rational(.min)),
    ])
    func readsTextExactly(_ text: String, _ value: Rational) {
        #expect(Rational(text) == value)
    }

    @Test(arguments: [
        "", " ", "x", "1/0", "1/-2", "1/2/3", "1/", "/2", "1.", ".5", "1.2.3", "1.5/2", "1e3", "2,5", " 2", "2 ", "1.1234567890", "0x10",
        "1.٥", "1.-5",
        "9223372036854775808", "inf", "nan",
    ])
    func refusesWhatIsNoFraction(_ text: String) {
        #expect(Rational(text) == nil)
    }

    @Test(arguments: [
        Rational(30000, 1001), Rational(-1, 3), Rational(25), Rational.zero, Rational(.max), Rational(.min), Rational(1, .max),
    ])
    func textReadsBackAsTheSameValue(_ value: Rational) throws {
        #expect(Rational(value.description) == value)
        let stored = try JSONEncoder().encode([value])
        #expect(try JSONDecoder().decode([Rational].self, from: stored) == [value])
    }

    @Test func storedTextThatIsNoFractionIsAnErrorThatQuotesIt() throws {
        let error = #expect(throws: DecodingError.self) { try JSONDecoder().decode([Rational].self, from: Data(#"["1/0"]"#.utf8)) }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(context.debugDescription == "'1/0' is not a fraction")
    }

    @Test func printsAsPeopleWriteIt() {
        #expect("\(Self.ntsc)" == "30000/1001")
        #expect("\(Rational(50, 2))" == "25")
        #expect(abs(Self.ntsc.approximate - 29.97) < 0.001)
    }
}
