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
        _ times: [Int64?], timeBase: Rational, nominal: Rational = .zero, fieldsOfFrame: Int = 1, lastDuration: Int64 = 0,
        discarded: Range<Int> = 0..<0
    ) -> FrameTiming {
        let packets = times.enumerated().map { number, time in
            FrameIndex.Packet(
                presentation: time, decoding: time, position: Int64(number), byteCount: 1, isKey: number == 0,
                isDiscarded: discarded.contains(number), isSecondField: number % fieldsOfFrame != 0)
        }
        return FrameTiming(
            index: FrameIndex(timeBase: timeBase, packets: packets), nominal: nominal, lastDuration: lastDuration)
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
        // 22 pictures a second on average: at 24000/1001 there is a tick for nearly each, at 20 there is not.
        #expect(found.frameRate == Rational(24000, 1001))
    }

    /// Deterministic noise from -1 to 1.
    private static func noise(_ seed: UInt64) -> () -> Double {
        var state = seed
        return {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 52) - 1
        }
    }

    @Test(arguments: [Rational(24), Rational(25), Rational(30), Rational(30000, 1001), Rational(50), Rational(60)])
    func jitterAndDroppedPicturesLeaveTheRateAlone(_ rate: Rational) {
        for (jitter, dropEvery) in [(1.5, 300), (3, 50), (0.5, 11), (2, 7)] as [(Double, Int)] {
            let noise = Self.noise(UInt64(dropEvery))
            let frame = 1000 / rate.approximate
            let times = (0..<900).filter { $0 % dropEvery != dropEvery - 1 }
                .map { Int64((Double($0) * frame + noise() * min(jitter, frame / 6)).rounded()) + 100 }
            let found = Self.timing(times, timeBase: Self.millisecond, nominal: Rational(Int64(times.count) * 10, 301))
            #expect(found.frameRate == rate, "\(jitter) ms, one of \(dropEvery) dropped")
            #expect(found.isConstant)
            #expect(found.frames == times.count)
        }
    }

    @Test func aClockOf16And16And18IsOf60() {
        let times = (0..<600).map { Int64($0 / 3) * 50 + [0, 16, 32][$0 % 3] }
        #expect(Self.timing(times, timeBase: Self.millisecond, nominal: Rational(125, 2)).frameRate == Rational(60))
    }

    @Test func hiddenPicturesAMillisecondBeforeOthersDoNotCount() {
        var times: [Int64] = []
        for number in 0..<600 {
            if number % 15 == 14 { times.append((Int64(number) * 100 / 3) - 1) }
            times.append(Int64(number) * 100 / 3)
        }
        #expect(Self.timing(times, timeBase: Self.millisecond, nominal: Rational(30)).frameRate == Rational(30))
    }

    @Test func pulldownIsFilm() {
        // Three fields, then two, of 1/59.94 s.
        var times: [Int64] = [0]
        for number in 0..<239 { times.append((times.last ?? 0) + (number % 2 == 0 ? 4504 : 3003)) }
        let found = Self.timing(times, timeBase: Rational(1, 90000), nominal: Rational(30000, 1001), lastDuration: 3003)
        #expect(found.frameRate == Rational(24000, 1001))
        #expect(found.isConstant)
        #expect(abs((found.end - found.start).approximate - 10.01) < 0.03)
    }

    @Test func aLongHoleLeavesTheRateAlone() {
        let times = (0..<250).filter { !(50..<125).contains($0) }.map { Int64($0) }
        let found = Self.timing(times, timeBase: Rational(1, 25), nominal: Rational(25))
        #expect(found.frameRate == Rational(25))
        #expect(found.isConstant)
        #expect(found.end == Rational(10))
    }

    @Test func slidesKeepTheirRate() {
        for interval in [2, 5, 60] as [Int64] {
            let found = Self.timing((0..<10).map { $0 * interval * 1000 }, timeBase: Self.millisecond, lastDuration: interval * 1000)
            #expect(found.frameRate == Rational(1, interval))
            #expect(found.end == Rational(10 * interval))
        }
    }

    @Test func oddConstantRatesAreSimpleFractions() {
        for rate in [Rational(8797, 1000), Rational(14), Rational(113, 10)] {
            let times = Self.clocked(rate, 400, on: Rational(1, 90000))
            let found = Self.timing(times, timeBase: Rational(1, 90000))
            #expect(found.isConstant)
            #expect(abs(found.frameRate.approximate / rate.approximate - 1) < 1e-5, "\(rate): \(found.frameRate)")
            #expect(found.frameRate.numerator < 1 << 31)
        }
    }

    @Test func theLastPictureLastsAsLongAsItIsDeclaredTo() {
        let variable = Self.timing([0, 40, 500, 510, 3000], timeBase: Self.millisecond, lastDuration: 700)
        #expect(!variable.isConstant)
        #expect(variable.end == Rational(3700, 1000))
        let steady = Self.clocked(Rational(25), 50, on: Self.millisecond)
        let held = Self.timing(steady, timeBase: Self.millisecond, lastDuration: 20_000)
        #expect(held.end == Rational(1960, 1000) + Rational(20))
        #expect(held.lastStart == Rational(1960, 1000))
        #expect(held.averageFrameRate == Rational(25))
        // No file's last picture is shorter than a frame.
        for rest in [0, 1, 20] as [Int64] {
            #expect(Self.timing(steady, timeBase: Self.millisecond, lastDuration: rest).end == Rational(2))
        }
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
            index: FrameIndex(timeBase: Self.millisecond, packets: packets), nominal: .zero, lastDuration: 40)
        #expect(found.access == .seekable)
        #expect(found.frameRate == Rational(25))
        #expect(found.frames == 9)
    }

    @Test func twoFieldsAreOneFrame() {
        let found = Self.timing(
            Self.clocked(Rational(50), 200, on: Rational(1, 90000)), timeBase: Rational(1, 90000), nominal: Rational(25), fieldsOfFrame: 2)
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
        #expect(FrameRateEstimate.snapped(pair.rate) == pair.standard)
    }
}
