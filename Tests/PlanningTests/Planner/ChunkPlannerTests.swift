import MediaModel
import Testing

@testable import Planning

@Suite("Chunks on the segment grid")
struct ChunkPlannerTests {
    static func starts(seconds: Int64, keyEvery: Int = 60, access: VideoAccess = .seekable) throws -> [Int] {
        let video = Given.video(seconds: Rational(seconds), access: access)
        return try plan(video, keyEvery: keyEvery).grid.chunkStarts
    }

    @Test(
        "Five segments a chunk; a rest of less than half is shared out",
        arguments: [
            (1, [0]), (30, [0]), (44, [0]), (45, [0]), (48, [0, 5]), (60, [0, 5]), (66, [0, 5]), (120, [0, 5, 10, 15]),
            (130, [0, 5, 11, 16]),
            (138, [0, 5, 10, 15, 20]),
        ] as [(Int64, [Int])])
    func ordinary(seconds: Int64, expected: [Int]) throws {
        #expect(try Self.starts(seconds: seconds) == expected)
    }

    @Test("Chunks cover every frame once and never fall short of half a chunk", arguments: Array(stride(from: Int64(1), to: 700, by: 37)))
    func cover(seconds: Int64) throws {
        let grid = try plan(Given.video(rate: Rational(30000, 1001), seconds: Rational(seconds)), keyEvery: 48).grid
        let frames = (0..<grid.chunkCount).map(grid.frames(ofChunk:))
        #expect(frames.first?.lowerBound == 0)
        #expect(frames.last?.upperBound == grid.frames)
        for (earlier, later) in zip(frames, frames.dropFirst()) { #expect(earlier.upperBound == later.lowerBound) }
        if grid.chunkCount > 1 { #expect(frames.allSatisfy { $0.count >= 2 * grid.segmentFrames }) }
    }

    @Test("A source with one key frame is one chunk")
    func oneKeyFrame() throws {
        #expect(try Self.starts(seconds: 120, keyEvery: 100_000) == [0])
    }

    @Test("A key frame every 900 packets: chunks begin at them")
    func longGOP() throws {
        #expect(try Self.starts(seconds: 120, keyEvery: 900) == [0, 5, 10, 15])
        // At 25 fps they are 36 s apart: never more than a quarter of a chunk is decoded for nothing.
        let video = Given.video(rate: Rational(25), seconds: Rational(600))
        let grid = try plan(video, keyEvery: 900).grid
        #expect(grid.chunkCount > 5)
        for start in grid.chunkStarts.dropFirst() {
            let overhead = start * grid.segmentFrames % 900
            #expect(overhead * 4 <= 6 * grid.segmentFrames)
        }
    }

    @Test("A start moves to where a key frame is near")
    func moved() throws {
        // Key frames every 24 s: at segments 4, 8, 12 …, beside the ordinary 5, 10, 15.
        #expect(try Self.starts(seconds: 300, keyEvery: 720).prefix(4) == [0, 4, 9, 16])
    }

    @Test("Few chunks stay even, so that no core waits for the longest")
    func even() throws {
        #expect(try Self.starts(seconds: 60, keyEvery: 72) == [0, 5])
    }

    @Test("A source that cannot be sought is one chunk", arguments: [VideoAccess.sequential, .numbered])
    func notSeekable(access: VideoAccess) throws {
        #expect(try Self.starts(seconds: 600, access: access) == [0])
    }

    @Test("A seekable source without an index is one chunk")
    func noIndex() throws {
        let facts = TitleFacts(source: Given.source(Given.video(seconds: Rational(600))), index: nil)
        #expect(try AssetPlanner.plan(Given.request(), facts: facts, libraries: []).grid.chunkStarts == [0])
    }

    @Test("A chunk lasts at least ten rate buffers, whatever the preset says")
    func rateBuffer() throws {
        // 1.5 s of buffer: 15 s, three segments.
        let request = Given.request(Given.preset(chunk: Rational(6)))
        #expect(try plan(Given.video(seconds: Rational(54)), request: request).grid.chunkStarts == [0, 3, 6])
    }

    @Test("The same source and preset give the same chunks")
    func deterministic() throws {
        #expect(try Self.starts(seconds: 600, keyEvery: 77) == Self.starts(seconds: 600, keyEvery: 77))
    }

    @Test("Entering costs the packets since the last key frame")
    func entryCost() throws {
        let video = Given.video(rate: Rational(25), seconds: Rational(10), start: Rational(1))
        let cost = try #require(EntryCost(TitleFacts(source: Given.source(video), index: Given.index(of: video, keyEvery: 50))))
        #expect(cost.packets(before: Rational(1)) == 0)
        #expect(cost.packets(before: Rational(3)) == 0)
        #expect(cost.packets(before: Rational(5, 2)) == 38)
        #expect(cost.packets(before: Rational(0)) == 0)
    }
}
