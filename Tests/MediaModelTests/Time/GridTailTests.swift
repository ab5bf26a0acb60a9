import MediaModel
import Testing

/// What becomes of the frames behind the last whole segment.
@Suite struct GridTailTests {
    private func grid(frames: Int) -> Grid {
        Grid(frameRate: Rational(30000, 1001), frames: frames, gopFrames: 60, segmentFrames: 180, chunkStarts: [0])
    }

    @Test("A rest under half a second joins the segment before it", arguments: [1, 2, 14])
    func short(_ rest: Int) {
        let grid = grid(frames: 360 + rest)
        #expect(grid.segmentCount == 2)
        #expect(grid.frames(ofSegment: 1) == 180..<360 + rest)
        #expect(grid.frames(ofChunk: 0) == 0..<360 + rest)
    }

    @Test("A longer rest is a segment of its own", arguments: [15, 100, 179])
    func long(_ rest: Int) {
        let grid = grid(frames: 360 + rest)
        #expect(grid.segmentCount == 3)
        #expect(grid.frames(ofSegment: 2) == 360..<360 + rest)
    }

    @Test("A title shorter than a segment is one segment, however short")
    func single() {
        #expect(grid(frames: 1).segmentCount == 1)
        #expect(grid(frames: 1).frames(ofSegment: 0) == 0..<1)
    }
}
