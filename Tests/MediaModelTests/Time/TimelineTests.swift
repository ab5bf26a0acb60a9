import MediaModel
import Testing

struct GridTests {
    /// 29.97 frames per second for 1000 frames: two whole chunks of two segments, and a short last segment.
    private let ntsc = Grid(frameRate: Rational(30000, 1001), frames: 1000, gopFrames: 60, segmentFrames: 180, chunkStarts: [0, 2, 4])

    @Test(
        arguments: [
            (Rational(30000, 1001), 30000, 1001), (Rational(24000, 1001), 24000, 1001), (Rational(60000, 1001), 60000, 1001),
            (Rational(25), 25000, 1000), (Rational(60), 60000, 1000), (Rational(25, 2), 25, 2),
        ] as [(Rational, Int64, Int64)])
    func aFrameIsAWholeNumberOfTicks(_ rate: Rational, _ timescale: Int64, _ ticks: Int64) {
        let grid = Grid(frameRate: rate, frames: 100, gopFrames: 50, segmentFrames: 100, chunkStarts: [0])
        #expect(grid.timescale == timescale)
        #expect(grid.frameTicks == ticks)
        #expect(Rational(grid.frameTicks, grid.timescale) == rate.reciprocal)
    }

    @Test(
        arguments: [
            (Rational(25), 2500, 4800), (Rational(30000, 1001), 3000, 4800), (Rational(60), 6000, 4800), (Rational(20), 2000, 4800),
            // Two frames are longer; below eight a second they would be longer than players allow.
            (Rational(25, 2), 4, 7680), (Rational(8), 2000, 12000), (Rational(1), 250, 12000),
            // A tenth of a second is no whole tick.
            (Rational(45, 2), 5, 5333),
        ] as [(Rational, Int64, Int64)])
    func allTracksAreComposedLateByTheSameTime(_ rate: Rational, _ video: Int64, _ audio: Int64) {
        let grid = Grid(frameRate: rate, frames: 100, gopFrames: 50, segmentFrames: 100, chunkStarts: [0])
        #expect(grid.compositionDelay(timescale: grid.timescale) == video)
        #expect(grid.compositionDelay(timescale: 48000) == audio)
    }

    @Test func timeNeverDrifts() {
        #expect(ntsc.duration == Rational(1_001_000, 30_000))
        #expect(ntsc.time(ofFrame: 180) == Rational(6006, 1000))
        #expect(ntsc.time(ofFrame: 0) == .zero)
        // Ten hours in, a frame still begins on its tick.
        #expect(ntsc.time(ofFrame: 1_078_920) * Rational(ntsc.timescale) == Rational(1_078_920 * ntsc.frameTicks))
    }

    @Test func theLastSegmentHoldsTheRest() {
        #expect(ntsc.segmentCount == 6)
        #expect(ntsc.frames(ofSegment: 0) == 0..<180)
        #expect(ntsc.frames(ofSegment: 4) == 720..<900)
        #expect(ntsc.frames(ofSegment: 5) == 900..<1000)
    }

    @Test func aTitleOfWholeSegmentsHasNoEmptyOne() {
        let grid = Grid(frameRate: Rational(25), frames: 300, gopFrames: 50, segmentFrames: 150, chunkStarts: [0])
        #expect(grid.segmentCount == 2)
        #expect(grid.frames(ofSegment: 1) == 150..<300)
        #expect(grid.chunkCount == 1)
        #expect(grid.frames(ofChunk: 0) == 0..<300)
    }

    @Test func aTitleOfOneFrameIsOneSegment() {
        let grid = Grid(frameRate: Rational(25), frames: 1, gopFrames: 50, segmentFrames: 150, chunkStarts: [0])
        #expect(grid.segmentCount == 1)
        #expect(grid.frames(ofSegment: 0) == 0..<1)
        #expect(grid.frames(ofChunk: 0) == 0..<1)
    }

    @Test func chunksAreRunsOfWholeSegments() {
        #expect(ntsc.chunkCount == 3)
        #expect((0..<3).map(ntsc.segments(ofChunk:)) == [0..<2, 2..<4, 4..<6])
        #expect((0..<3).map(ntsc.frames(ofChunk:)) == [0..<360, 360..<720, 720..<1000])
    }

    @Test(arguments: [1, 179, 180, 181, 359, 360, 361, 719, 720, 721, 1000])
    func segmentsAndChunksCoverEveryFrameOnce(_ frames: Int) {
        var grid = Grid(frameRate: Rational(30000, 1001), frames: frames, gopFrames: 60, segmentFrames: 180, chunkStarts: [0])
        grid.chunkStarts = Array(stride(from: 0, to: grid.segmentCount, by: 2))
        #expect((0..<grid.segmentCount).flatMap { Array(grid.frames(ofSegment: $0)) } == Array(0..<frames))
        #expect((0..<grid.chunkCount).flatMap { Array(grid.frames(ofChunk: $0)) } == Array(0..<frames))
        #expect((0..<grid.chunkCount).flatMap { Array(grid.segments(ofChunk: $0)) } == Array(0..<grid.segmentCount))
    }
}
