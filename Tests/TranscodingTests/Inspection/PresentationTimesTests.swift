import Libav
import MediaModel
import Testing

@testable import Transcoding

/// Pictures without a presentation time take their place by decoding time and order.
@Suite struct PresentationTimesTests {
    private struct Picture {
        var presentation: Int64?
        var decoding: Int64?
        var kind = PictureParser.Facts.Kind.predicted
        var order: Int?
        var isKey = false
        var duration: Int64 = 1
    }

    private static func filled(_ pictures: [Picture], delay: Int, inAVI: Bool = false) -> FrameIndex {
        var index = FrameIndex(
            timeBase: Rational(1, 25),
            packets: pictures.enumerated().map {
                FrameIndex.Packet(
                    presentation: $1.presentation, decoding: $1.decoding, position: Int64($0), byteCount: 1, isKey: $1.isKey || $0 == 0,
                    isDiscarded: false)
            })
        let facts = pictures.map { PictureParser.Facts(kind: $0.kind, structure: .frame, order: $0.order) }
        PresentationTimes(index, durations: pictures.map(\.duration), facts: facts, delay: delay, statesPresentation: !inAVI).fill(&index)
        return index
    }

    private static func times(_ pictures: [Picture], delay: Int) -> [Int64?] { filled(pictures, delay: delay).packets.map(\.presentation) }

    @Test func h264InAVIIsOrderedByItsNumbers() {
        // Stored I P B B P B B, a pair of numbers a picture, one chunk a tick; three chunks are empty.
        let orders = [0, 6, 2, 4, 12, 8, 10]
        let decoding: [Int64] = [0, 1, 2, 3, 7, 8, 9]
        let pictures = zip(orders, decoding).map { Picture(decoding: $1, order: $0) }
        #expect(Self.times(pictures, delay: 1) == [0, 6, 1, 2, 9, 7, 8])
        // A decoder that holds back two: the first picture comes with its chunk all the same, because the file's audio knows of no decoder.
        #expect(Self.times(pictures, delay: 2) == [0, 6, 1, 5, 9, 7, 8])
        #expect(Self.filled(pictures, delay: 1).packets.map(\.isInferred) == Array(repeating: true, count: 7))
    }

    @Test func numbersThatBeginAnewBeginANewGroup() {
        let orders = [0, 4, 2, 0, 4, 2]
        let pictures = orders.enumerated().map { Picture(decoding: Int64($0), order: $1, isKey: $0 == 3) }
        #expect(Self.times(pictures, delay: 1) == [0, 2, 1, 3, 5, 4])
    }

    @Test func withoutReorderingDecodingTimesAreTheTimes() {
        let pictures = (0..<5).map { Picture(decoding: Int64($0 * 2), order: $0 * 2) }
        #expect(Self.times(pictures, delay: 0) == [0, 2, 4, 6, 8])
    }

    /// As libavformat tells it: a B picture's time is its decoding time, a reference is shown when the next one is decoded.
    @Test func mpeg4KeepsItsHoles() {
        typealias Kind = PictureParser.Facts.Kind
        let stored: [(Int64?, Int64, Kind)] = [
            (nil, 0, .intra), (nil, 1, .predicted), (2, 2, .bidirectional), (3, 3, .bidirectional), (nil, 5, .predicted),
            (6, 6, .bidirectional), (nil, 7, .predicted),
        ]
        let pictures = stored.map { Picture(presentation: $0.0, decoding: $0.1, kind: $0.2) }
        let found = Self.filled(pictures, delay: 1)
        #expect(found.packets.map(\.presentation) == [1, 5, 2, 3, 7, 6, 8])
        #expect(found.packets.map(\.isInferred) == [true, true, false, false, true, false, true])
        // AVI states decoding times alone: its first picture begins with its first chunk.
        let bare = Self.filled(pictures, delay: 1, inAVI: true)
        #expect(bare.packets.map(\.presentation) == [0, 4, 1, 2, 6, 5, 7])
        #expect(bare.packets.filter(\.isInferred).count == 7)
    }

    @Test func theSecondPictureUnderOneTimeFollowsTheFirst() {
        // Two access units a packet of the transport stream, no reordering; two seconds are missing after the fourth.
        let stated: [Int64?] = [0, nil, 2, nil, 54, nil, 56, nil]
        let pictures = stated.enumerated().map { Picture(presentation: $1, decoding: $1, order: $0 * 2) }
        #expect(Self.times(pictures, delay: 0) == [0, 1, 2, 3, 54, 55, 56, 57])
    }

    @Test func pulldownCountsInTheFirstPicturesPlace() {
        // Ticks of a field; three fields, then two. The second decoding time is a guess that stands too early by a field.
        let stored: [(Int64?, Int64, Int64)] = [(nil, 1, 3), (nil, 3, 2), (7, 7, 2), (9, 9, 3), (nil, 12, 2), (14, 14, 3)]
        let kinds: [PictureParser.Facts.Kind] = [.intra, .predicted, .bidirectional, .bidirectional, .predicted, .bidirectional]
        let pictures = zip(stored, kinds).map { Picture(presentation: $0.0, decoding: $0.1, kind: $1, duration: $0.2) }
        #expect(Self.times(pictures, delay: 1) == [4, 12, 7, 9, 16, 14])
    }

    @Test func aStatedTimeThatContradictsTheOrderIsNotBelieved() {
        // I P B B P B B P B B …, all stated but for one; the time of the seventh is its decoding time.
        let pictures = (0..<31).map { number -> Picture in
            let isB = number % 3 != 1 && number > 0
            let shown = number == 0 ? 1 : isB ? number : number + 3
            let stated = number == 10 ? nil : number == 7 ? 7 : shown
            return Picture(presentation: stated.map { Int64($0) }, decoding: Int64(number), kind: isB ? .bidirectional : .predicted)
        }
        let found = Self.filled(pictures, delay: 1).packets
        #expect(found[7].presentation == 10 && found[7].isInferred)
        #expect(found[10].presentation == 13 && found[10].isInferred)
        #expect(found.filter(\.isInferred).count == 2)
    }

    @Test func whereThereIsNoTimeNothingIsMadeUp() {
        #expect(Self.times((0..<4).map { Picture(order: $0) }, delay: 1) == [nil, nil, nil, nil])
    }

    @Test func extremesTrapNowhere() {
        var random: UInt64 = 3
        func next() -> Int64? {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return [nil, .min + 1, .max, 0, Int64(bitPattern: random), Int64(random >> 50)][Int(random >> 33) % 6]
        }
        for _ in 0..<500 {
            let pictures = (0..<12).map { _ in
                Picture(
                    presentation: next(), decoding: next(), kind: next() == nil ? .bidirectional : .predicted,
                    order: next().map { Int($0) },
                    isKey: next() == nil, duration: max(0, next() ?? 0))
            }
            let found = Self.filled(pictures, delay: Int((next() ?? 0) & 31))
            let timing = FrameTiming(index: found, nominal: Rational(next() ?? 1, max(1, next() ?? 1)), lastDuration: max(0, next() ?? 0))
            #expect(timing.frames == 12)
            #expect(timing.frameRate > .zero)
        }
    }
}
