import Formats
import MediaModel
import Testing

@testable import Packaging

@Suite struct BitRateTests {
    private func weights(_ pairs: [(Int64, Int64)]) -> [BitRate.Weight] {
        pairs.map { BitRate.Weight(bits: $0.0, duration: $0.1) }
    }

    @Test func neverTakesAShortLastSegmentForThePeak() {
        // 0.2 s at ten times the rate, after two segments of 6 s.
        let segments = weights([(6_000_000, 6000), (6_600_000, 6000), (2_000_000, 200)])
        #expect(BitRate.peak(segments, timescale: 1000, target: 6) == 1_387_097)
        #expect(BitRate.average(segments, timescale: 1000) == 1_196_722)
    }

    @Test func looksAtRunsOfShortSegmentsToo() {
        // Two segments of 2 s last 4 s of a target of 4 s; one lasts just half of it.
        let segments = weights([(100, 2), (300, 2), (280, 2), (100, 2)])
        #expect(BitRate.windows(segments, timescale: 1, target: 4) == [0..<1, 0..<2, 0..<3, 1..<2, 1..<3, 1..<4, 2..<3, 2..<4, 3..<4])
        #expect(BitRate.peak(segments, timescale: 1, target: 4) == 150)
    }

    @Test func measuresATitleShorterThanAnyRunAsAWhole() {
        let segments = weights([(1000, 100), (3000, 100)])
        #expect(BitRate.peak(segments, timescale: 1000, target: 1) == 20_000)
        #expect(BitRate.peak([], timescale: 1000, target: 1) == 0)
    }

    @Test func roundsUp() {
        #expect(BitRate.rate(10, over: 3, timescale: 1) == 4)
        #expect(BitRate.rate(10, over: 0, timescale: 1) == 0)
    }
}

@Suite struct TargetDurationTests {
    @Test(arguments: [([180_180], 6), ([195_000], 7), ([194_999], 6), ([9000], 1), ([], 1)] as [([Int64], Int)])
    func roundsTheLongestSegment(ticks: [Int64], seconds: Int) {
        #expect(TargetDuration.seconds(of: [(30000, SamplePackage.segments(ticks, bytes: 1))]) == seconds)
    }

    @Test func isTheSameForAllTracks() {
        let video = SamplePackage.segments([194_000], bytes: 1)
        let audio = SamplePackage.segments([312_000], bytes: 1)
        #expect(TargetDuration.seconds(of: [(30000, video), (48000, audio)]) == 7)
    }
}

@Suite struct DecimalTextTests {
    @Test func writesExactDecimals() {
        #expect(DecimalText.seconds(Rational(30000, 1001), digits: 3) == "29.970")
        #expect(DecimalText.seconds(Rational(-1, 8), digits: 2) == "-0.12")
        #expect(DecimalText.roundedUp(Rational(1, 3), digits: 1) == "0.4")
        #expect(DecimalText.seconds(Rational(5, 2), digits: 0) == "3")
    }
}
