import MediaModel
import Testing

@testable import Transcoding

/// What packets' times say about the frame rate, without any file.
@Suite struct FrameTimingTests {
    private static let millisecond = Rational(1, 1000)

    /// Frames of `rate`, each time rounded to the clock as a muxer does.
    private static func clocked(_ rate: Rational, _ frames: Int, on timeBase: Rational, from first: Int = 0) -> [Int64] {
        (first..<first + frames).map { (Rational(Int64($0)) / rate / timeBase).rounded }
    }

    private static func timing(
        _ times: [Int64?], timeBase: Rational, nominal: Rational = .zero, packetsPerFrame: Int = 1, lastDuration: Int64 = 0,
        discarded: Range<Int> = 0..<0
    ) -> FrameTiming {
        let packets = times.enumerated().map { number, time in
            FrameIndex.Packet(
                presentation: time, decoding: time, position: Int64(number), byteCount: 1, isKey: number == 0,
                isDiscarded: discarded.contains(number))
        }
        return FrameTiming(
            index: FrameIndex(timeBase: timeBase, packets: packets), nominal: nominal, packetsPerFrame: packetsPerFrame,
            lastDuration: lastDuration)
    }

    @Test(arguments: [
        Rational(30000, 1001), Rational(24000, 1001), Rational(24), Rational(25), Rational(30), Rational(60000, 1001), Rational(60),
        Rational(120),
        Rational(25, 2), Rational(1), Rational(12),
    ])
    func constantRatesAreFoundExactlyInAMillisecondClock(_ rate: Rational) {
        for frames in [12, 100, 2000] {
            let found = Self.timing(Self.clocked(rate, frames, on: Self.millisecond), timeBase: Self.millisecond, nominal: rate)
            #expect(found.frameRate == rate, "\(frames) frames")
            #expect(found.isConstant)
            #expect(found.frames == frames)
            #expect(found.access == .seekable)
        }
    }

    @Test(arguments: [Rational(24000, 1001), Rational(24), Rational(30000, 1001), Rational(30), Rational(60000, 1001), Rational(60)])
    func aShortClipIsNotTakenForTheNeighbouringRate(_ rate: Rational) {
        let timeBase = Rational(1, 90000)
        // Whoever states a rate, states the wrong one of the pair: the times decide.
        let found = Self.timing(Self.clocked(rate, 250, on: timeBase), timeBase: timeBase, nominal: Rational(30))
        #expect(found.frameRate == rate)
        #expect(abs((found.end - found.start - Rational(250) / rate).approximate) <= timeBase.approximate)
        #expect(abs((found.averageFrameRate - rate).approximate) < 0.001)
    }

    @Test func aMicrosecondClockOfCamerasSnapsTo30() {
        let times = (0..<900).map { Int64($0) * 33333 }
        let found = Self.timing(times, timeBase: Rational(1, 1_000_000), nominal: Rational(1_000_000, 33333))
        #expect(found.frameRate == Rational(30))
        #expect(found.isConstant)
    }

    @Test func burstsGiveTheRateThatFewFramesExceed() {
        // A lecture at 2 frames per second with a burst of 30 in each hundred: far more than 5 %.
        var times: [Int64] = [0]
        for _ in 0..<10 {
            for _ in 0..<70 { times.append((times.last ?? 0) + 500) }
            for step in 0..<30 { times.append((times.last ?? 0) + (step % 3 == 0 ? 34 : 33)) }
        }
        let found = Self.timing(times, timeBase: Self.millisecond, nominal: Rational(2))
        #expect(!found.isConstant)
        #expect(found.frameRate == Rational(30))
        #expect(found.averageFrameRate < Rational(4))
        #expect(found.frames == 1001)
    }

    @Test func aFewFastFramesDoNotRaiseTheRate() {
        var times: [Int64] = [0]
        for number in 1..<1000 { times.append((times.last ?? 0) + (number % 50 == 0 ? 8 : 41 + Int64(number % 2) * 10)) }
        let found = Self.timing(times, timeBase: Self.millisecond)
        #expect(!found.isConstant)
        // 41 ms is 24.4 frames per second; the two percent at 125 do not count.
        #expect(found.frameRate == Rational(25))
    }

    @Test func aVariableTitleLastsAsLongAsItsLastPacketSays() {
        let found = Self.timing([0, 40, 500, 510, 3000], timeBase: Self.millisecond, lastDuration: 700)
        #expect(!found.isConstant)
        #expect(found.end == Rational(3700, 1000))
    }

    @Test func aConstantRateOverrulesTheLastDuration() {
        let found = Self.timing(Self.clocked(Rational(25), 50, on: Self.millisecond), timeBase: Self.millisecond, lastDuration: 5000)
        #expect(found.end == Rational(2))
    }

    @Test func oneFrameHasTheStatedRate() {
        let found = Self.timing([90000], timeBase: Rational(1, 90000), nominal: Rational(25))
        #expect(found.frames == 1)
        #expect(found.frameRate == Rational(25))
        #expect(found.start == Rational(1))
        #expect(found.end == Rational(26, 25))
    }

    @Test func withoutTimesFramesAreNumberedAtTheStatedRate() {
        for rate in [Rational(25), Rational(12), Rational(30000, 1001)] {
            let found = Self.timing(Array(repeating: nil, count: 30), timeBase: Rational(1, 1_200_000), nominal: rate)
            #expect(found.access == .numbered)
            #expect(found.frames == 30)
            #expect(found.frameRate == rate)
            #expect(found.end == Rational(30) / rate)
        }
    }

    @Test func timesThatJumpBackAreFollowedButNotSought() {
        let twice = Self.clocked(Rational(25), 50, on: Self.millisecond) + Self.clocked(Rational(25), 50, on: Self.millisecond)
        #expect(Self.timing(twice, timeBase: Self.millisecond).access == .sequential)
        let standing: [Int64] = [0, 40, 80, 80, 120]
        #expect(Self.timing(standing, timeBase: Self.millisecond).access == .sequential)
    }

    @Test func reorderedFramesAreSeekable() {
        let order: [Int64] = [0, 4, 2, 1, 3, 8, 6, 5, 7]
        let packets = order.enumerated().map { number, place in
            FrameIndex.Packet(
                presentation: place * 40, decoding: Int64(number) * 40 - 80, position: 0, byteCount: 1, isKey: number == 0,
                isDiscarded: false)
        }
        let found = FrameTiming(
            index: FrameIndex(timeBase: Self.millisecond, packets: packets), nominal: .zero, packetsPerFrame: 1, lastDuration: 40)
        #expect(found.access == .seekable)
        #expect(found.frameRate == Rational(25))
        #expect(found.frames == 9)
    }

    @Test func twoFieldsAreOneFrame() {
        let found = Self.timing(
            Self.clocked(Rational(50), 200, on: Rational(1, 90000)), timeBase: Rational(1, 90000), nominal: Rational(25), packetsPerFrame: 2
        )
        #expect(found.frames == 100)
        #expect(found.frameRate == Rational(25))
        #expect(found.end == Rational(4))
    }

    @Test func whatAnEditListCutsAwayIsNotCounted() {
        let times = Self.clocked(Rational(25), 60, on: Self.millisecond).map { $0 - 400 }
        let found = Self.timing(times, timeBase: Self.millisecond, discarded: 0..<10)
        #expect(found.frames == 50)
        #expect(found.start == .zero)
        #expect(found.end == Rational(2))
        #expect(found.access == .seekable)
    }

    @Test(arguments: [(Rational(301, 10), Rational(30)), (Rational(26), Rational(30000, 1001)), (Rational(400), Rational(120))])
    func ratesSnapUpwards(_ pair: (rate: Rational, standard: Rational)) {
        #expect(FrameTiming.snapped(pair.rate) == pair.standard)
    }
}
