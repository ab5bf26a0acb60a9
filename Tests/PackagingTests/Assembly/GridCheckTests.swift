import MediaModel
import TestSupport
import Testing

@testable import Packaging

@Suite struct GridCheckTests {
    /// 29.97 fps; the last segment holds 31 frames.
    private let grid = Grid(frameRate: Rational(30000, 1001), frames: 391, gopFrames: 60, segmentFrames: 180, chunkStarts: [0])

    private func segments(_ durations: [Int64], samples: [Int]) -> [SegmentFact] {
        var result = SamplePackage.segments(durations, bytes: 1)
        for index in result.indices { result[index].samples = samples[index] }
        return result
    }

    private func check(_ segments: [SegmentFact], divisor: Int = 1) throws {
        try GridCheck.video(
            segments, rung: SamplePlan.rung("360p", width: 640, height: 360, divisor: divisor, grid: grid), grid: grid,
            timescale: 30000, path: "video/360p")
    }

    @Test func acceptsWhatWasPlanned() throws {
        try check(segments([180_180, 180_180, 31_031], samples: [180, 180, 31]))
    }

    @Test func acceptsALastDividedFrameWithOrWithoutItsFullLength() throws {
        try check(segments([180_180, 180_180, 31_031], samples: [90, 90, 16]), divisor: 2)
        try check(segments([180_180, 180_180, 32_032], samples: [90, 90, 16]), divisor: 2)
    }

    @Test func refusesLostFramesAndMovedCuts() throws {
        #expect(
            try fault { try check(segments([180_180, 180_180, 31_031], samples: [180, 179, 31])) }
                == "video/360p: segment 2 holds 179 frames, the plan says 180")
        #expect(
            try fault { try check(segments([180_180, 179_179, 32_032], samples: [180, 179, 32])) }
                == "video/360p: segment 2 ends at tick 359359, the plan says 360360")
        #expect(throws: PackagingError.self) { try check(segments([180_180, 180_180, 32_032], samples: [180, 180, 32])) }
    }

    private func sound(_ durations: [Int64]) throws {
        try GridCheck.audio(
            SamplePackage.segments(durations, bytes: 1), format: AudioFormat(codec: .aac, bitRate: 128_000), grid: grid,
            timescale: 48000, path: "audio/en-aac")
    }

    @Test func letsSoundBeCutWithinOneOfItsFrames() throws {
        // 6.006 s are 281.53 AAC frames.
        try sound([282 * 1024, 281 * 1024, 49_649])
        #expect(
            try fault { try sound([283 * 1024, 280 * 1024, 49_649]) }
                == "audio/en-aac: segment 2 begins at 6.0373 s, the picture's at 6.0060 s: further apart than one frame of sound")
        #expect(try fault { try sound([282 * 1024, 281 * 1024, 48_000]) }.contains("segment 3 ends at"))
        #expect(try fault { try sound([282 * 1024]) } == "audio/en-aac: has 1 segments, the plan 3")
    }

    @Test func letsAVeryShortLastSegmentHaveNoSound() throws {
        let short = Grid(frameRate: Rational(60), frames: 361, gopFrames: 120, segmentFrames: 360, chunkStarts: [0])
        try GridCheck.audio(
            SamplePackage.segments([288_768], bytes: 1), format: AudioFormat(codec: .aac, bitRate: 128_000), grid: short,
            timescale: 48000, path: "audio/en-aac")
    }

    @Test func holdsTextToTheGrid() throws {
        let facts = segments([180_180, 180_180, 31_031], samples: [0, 0, 0])
        try GridCheck.text(facts, grid: grid, timescale: 30000, path: "text/fr")
        #expect(throws: PackagingError.self) { try GridCheck.text(Array(facts.dropLast()), grid: grid, timescale: 30000, path: "text/fr") }
    }
}
