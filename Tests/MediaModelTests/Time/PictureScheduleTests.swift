import MediaModel
import Testing

/// Which picture each output frame shows.
@Suite struct PictureScheduleTests {
    private static func index(_ milliseconds: [Int64]) -> FrameIndex {
        FrameIndex(
            timeBase: Rational(1, 1000),
            packets: milliseconds.map {
                FrameIndex.Packet(presentation: $0, decoding: $0, position: -1, byteCount: 1, isKey: true, isDiscarded: false)
            })
    }

    private static func schedule(_ times: [Int64], rate: Int64 = 25, origin: Rational = .zero, frames: Int? = nil) -> PictureSchedule {
        PictureSchedule(index(times), rate: Rational(rate), origin: origin, frames: frames)
    }

    @Test func picturesOnTheGridStayThere() {
        let found = Self.schedule([0, 40, 80, 160, 200])
        #expect(found.ticks == [0, 1, 2, 4, 5])
        #expect(found.lost == 0)
        #expect(Self.schedule([0, 40, 80], origin: Rational(1)).ticks == [-25, -24, -23])
    }

    @Test func reorderedPicturesAreShownInTheirOrder() {
        let found = Self.schedule([0, 120, 40, 80])
        #expect(found.ticks == [0, 3, 1, 2])
        #expect(found.order == [0, 2, 3, 1])
        #expect(found.position(at: 2) == 2)
        #expect(found.position(at: 100) == 3)
        #expect(Self.schedule([40, 80], origin: .zero).position(at: 0) == nil)
    }

    /// Half a tick beside the grid, as after a trim: rounding alone would lose a third of them.
    @Test func jitterBesideTheGridLosesNothing() {
        let jitter: [Int64] = [0, 5, -4, 3, -5, 2, -1, 4, -3, 1]
        for phase in [0, 10, 19, 20, 21, 30, 39] as [Int64] {
            let times = (0..<500).map { Int64($0) * 40 + phase + jitter[$0 % 10] }
            let found = Self.schedule(times)
            #expect(found.lost == 0, "\(phase)")
            #expect(zip(found.ticks, found.ticks.dropFirst()).allSatisfy { $1 == $0 + 1 }, "\(phase)")
            #expect(zip(times, found.ticks).allSatisfy { abs($0 - Int64($1) * 40) <= 40 }, "\(phase)")
        }
    }

    @Test func twoInOneTickMakeRoomForEachOther() {
        // The second and third are both nearest to tick 1; tick 2 is free.
        #expect(Self.schedule([0, 36, 45, 120]).ticks == [0, 1, 2, 3])
        // Tick 2 is taken; the one before has none, tick 0 is nobody's but of the first.
        let crowded = Self.schedule([0, 36, 45, 80, 120])
        #expect(crowded.lost == 1)
        // An earlier tick is free, a later one is not.
        #expect(Self.schedule([0, 110, 120, 160]).ticks == [0, 2, 3, 4])
    }

    @Test func whatComesFasterThanTheRateIsCounted() {
        let found = Self.schedule((0..<100).map { Int64($0) * 20 })
        #expect(found.lost == 49)
        // The last one has no tick of its own, and takes none away.
        let whole = Self.schedule((0..<100).map { Int64($0) * 20 }, frames: 50)
        #expect(whole.lost == 50)
        #expect(whole.ticks.suffix(2) == [49, 50])
    }

    /// One picture too many must not shift the whole film to make room.
    @Test func anExtraPictureMovesFewOthers() {
        var times = (0..<200).map { Int64($0) * 40 + 12 }
        times.insert(100 * 40 + 22, at: 101)
        let found = Self.schedule(times)
        #expect(found.lost == 1)
        #expect(found.ticks.prefix(90).elementsEqual(0..<90))
        #expect(found.ticks.suffix(80).elementsEqual(120..<200))
    }

    @Test func theLastPictureIsShownEvenIfItRoundsToTheEnd() {
        #expect(Self.schedule([0, 40, 80, 150], frames: 4).ticks == [0, 1, 2, 3])
        #expect(Self.schedule([0, 40, 80, 150, 190], frames: 4).ticks[4] >= 4)
    }

    @Test func whatShowsNothingHasNoTick() {
        var index = Self.index([0, 40, 80, 120])
        index.packets[1].isDiscarded = true
        index.packets[2].isSecondField = true
        let found = PictureSchedule(index, rate: Rational(25), origin: .zero, frames: nil)
        #expect(found.ticks == [0, PictureSchedule.never, PictureSchedule.never, 3])
        #expect(found.order == [0, 3])
    }

    @Test func extremesTrapNowhere() {
        var random: UInt64 = 5
        func next() -> Int64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return [.min + 1, .max, 0, Int64(bitPattern: random), Int64(random >> 40)][Int(random >> 33) % 5]
        }
        for _ in 0..<300 {
            var index = Self.index((0..<20).map { _ in next() })
            index.timeBase = Rational(max(0, next()), max(1, next()))
            let rate = Rational(max(1, next()), max(1, next()))
            let found = PictureSchedule(index, rate: rate, origin: Rational(next(), next()), frames: Int(next() & 0xFFFF))
            #expect(found.order.count == 20)
            _ = found.position(at: Int(next()))
        }
    }
}
