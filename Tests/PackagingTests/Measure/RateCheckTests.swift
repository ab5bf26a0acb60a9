import MediaModel
import TestSupport
import Testing

@testable import Packaging

@Suite struct RateCheckTests {
    private let cap = RateCap(maxRate: 1000, bufferSize: 2000)

    private func segments(_ bits: [[Int64]]) -> [RateCheck.CodedSegment] {
        bits.map { RateCheck.CodedSegment(frames: $0.map { BitRate.Weight(bits: $0, duration: 1) }) }
    }

    @Test func emptiesTheBufferFrameByFrame() {
        // Half full: 1000. Frames of 600 at one a second, 1000 bits arriving meanwhile.
        let steady = run([[600, 600, 600]])
        #expect(steady.lowestFullness == 400 && steady.underflows == 0)
        // 1000 - 900 = 100, + 1000 = 1100, - 1500 = -400, + 1000 = 600, - 500 = 100.
        let short = run([[900, 1500], [500]])
        #expect(short.lowestFullness == -400 && short.underflows == 1)
        #expect(short.fullness == [1000, 600])
    }

    private func run(_ bits: [[Int64]]) -> LeakyBucket.Report {
        LeakyBucket.run(segments(bits).map(\.frames), cap: cap, timescale: 1)
    }

    @Test func fillsTheBufferNoFurtherThanItsSize() {
        // Long rest: full at 2000, so a frame of 2001 is one bit too much.
        let frames = [BitRate.Weight(bits: 0, duration: 100), BitRate.Weight(bits: 2001, duration: 1)]
        let bucket = LeakyBucket.run([frames], cap: cap, timescale: 1)
        #expect(bucket.lowestFullness == -1 && bucket.underflows == 1)
    }

    @Test func reportsWhatItSaw() throws {
        let report = try RateCheck.report(
            segments([[900, 900], [1100, 1000], [500, 500]]), cap: cap, timescale: 1, target: 2, rendition: "video/360p")
        #expect(report == RateBufferReport(size: 2000, lowestFullness: 100, underflows: 0, peakRate: 1050))
    }

    @Test func allowsWhatAHalfFullBufferExplains() throws {
        // 2 s carry 2000 bits, a half full buffer 1000 more: 3000, and 2 %.
        _ = try RateCheck.report(segments([[1530, 1530]]), cap: cap, timescale: 1, target: 2, rendition: "video/360p")
        let message = try fault {
            try RateCheck.report(segments([[1000, 1000], [1531, 1530]]), cap: cap, timescale: 1, target: 2, rendition: "video/360p")
        }
        #expect(
            message == "video/360p: segments 2 to 2 hold 3061 bits in 2.000 s, 1531 bit/s, 153 % of maxrate 1000 (bufsize 2000), "
                + "where 3060 bits are allowed; raise maxrate or bufsize in the preset, or use an encoder setting that keeps to them")
    }

    @Test func allowsWhatAFullBufferExplains() throws {
        // After a quiet segment the buffer is full: 2 s carry 2000 bits, and 2000 are there.
        _ = try RateCheck.report(segments([[0, 0], [2000, 2000]]), cap: cap, timescale: 1, target: 2, rendition: "video/360p")
        #expect(throws: PackagingError.self) {
            try RateCheck.report(segments([[0, 0], [2000, 2081]]), cap: cap, timescale: 1, target: 2, rendition: "video/360p")
        }
        // What one segment took is not there for the next.
        #expect(throws: PackagingError.self) {
            try RateCheck.report(
                segments([[0, 0], [2000, 2000], [1300, 1000]]), cap: cap, timescale: 1, target: 2, rendition: "video/360p")
        }
    }

    @Test func allowsTenPercentOverALongRun() throws {
        let small = RateCap(maxRate: 1000, bufferSize: 100)
        let frames = Array(repeating: Int64(1100), count: 10)
        _ = try RateCheck.report(segments([frames]), cap: small, timescale: 1, target: 10, rendition: "video/360p")
        #expect(throws: PackagingError.self) {
            try RateCheck.report(segments([frames.dropLast() + [1101]]), cap: small, timescale: 1, target: 10, rendition: "video/360p")
        }
    }
}
