import MediaModel
import Testing

@testable import Transcoding

@Suite struct SoftCapTests {
    private static let cap = 800_000

    /// A chunk of segments of two seconds, of which each has its share of the cap.
    private static func record(_ shares: [Double], seconds: Double = 2) -> MediaRecord {
        let ticks = Int64(90_000 * seconds)
        let segments = shares.enumerated().map { number, share -> SegmentFact in
            let bits = Double(cap) * share * seconds
            return SegmentFact(
                number: number + 1, start: Int64(number) * ticks, duration: ticks, samples: 50, bytes: Int64(bits / 8), sha256: "")
        }
        return MediaRecord(timescale: 90_000, segments: segments, warnings: [], initBytes: 0, initSHA256: "")
    }

    private static func rung(_ codec: VideoCodec) -> Rung {
        SmallTitle.rung(codec: codec, control: .cappedCRF(crf: Rational(30), cap: RateCap(maxRate: cap, bufferSize: cap))).rung
    }

    private static func coarser(_ shares: [Double], than coarser: Int = 0, codec: VideoCodec = .av1) -> Int? {
        SoftCap.coarser(than: coarser, record: record(shares), rung: rung(codec))
    }

    @Test func aChunkThatKeepsItsCapStays() {
        #expect(Self.coarser([0.3, 1.0, 0.2]) == nil)
        #expect(Self.coarser([1.04]) == nil)
        #expect(Self.coarser([]) == nil)
    }

    @Test func theWorstSegmentSaysHowMuchCoarserItBecomes() {
        // Eight steps halve the bits.
        #expect(Self.coarser([0.2, 2.0, 0.2]) == 8)
        #expect(Self.coarser([4.0]) == 16)
        #expect(Self.coarser([1.5]) == 5)
    }

    @Test func aLittleTooMuchIsTwoSteps() { #expect(Self.coarser([1.06]) == 2) }

    @Test func itGoesOnFromWhatWasTried() {
        #expect(Self.coarser([2.0], than: 8) == 16)
        #expect(Self.coarser([1.06], than: 5) == 7)
    }

    @Test(arguments: [VideoCodec.h264, .hevc]) func encodersThatKeepTheirCapAreLeftAlone(_ codec: VideoCodec) {
        #expect(Self.coarser([3.0], codec: codec) == nil)
    }

    @Test func aSegmentOfOnePictureIsNotHeldToATenthOfASecond() {
        // A key picture alone has many bits in no time; the bucket holds more than that.
        let record = Self.record([2.0], seconds: 0.04)
        #expect(SoftCap.coarser(than: 0, record: record, rung: Self.rung(.av1)) == nil)
    }
}
