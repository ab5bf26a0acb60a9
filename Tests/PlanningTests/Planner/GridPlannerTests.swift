import MediaModel
import Testing

@testable import Planning

@Suite("The title's clock in whole frames")
struct GridPlannerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rate: Rational
        var interlaced = false
        let expected: Rational
        let gop: Int
        let segment: Int
    }

    static let cases = [
        Case(testDescription: "24", rate: Rational(24), expected: Rational(24), gop: 48, segment: 144),
        Case(testDescription: "23.976", rate: Rational(24000, 1001), expected: Rational(24000, 1001), gop: 48, segment: 144),
        Case(testDescription: "25", rate: Rational(25), expected: Rational(25), gop: 50, segment: 150),
        Case(testDescription: "29.97", rate: Rational(30000, 1001), expected: Rational(30000, 1001), gop: 60, segment: 180),
        Case(testDescription: "50", rate: Rational(50), expected: Rational(50), gop: 100, segment: 300),
        Case(testDescription: "59.94", rate: Rational(60000, 1001), expected: Rational(60000, 1001), gop: 120, segment: 360),
        Case(testDescription: "120 is halved", rate: Rational(120), expected: Rational(60), gop: 120, segment: 360),
        Case(testDescription: "90 is halved", rate: Rational(90), expected: Rational(45), gop: 90, segment: 270),
        Case(testDescription: "60.05 is as good as 60", rate: Rational(1201, 20), expected: Rational(1201, 20), gop: 120, segment: 360),
        Case(testDescription: "25i", rate: Rational(25), interlaced: true, expected: Rational(50), gop: 100, segment: 300),
        Case(
            testDescription: "29.97i", rate: Rational(30000, 1001), interlaced: true, expected: Rational(60000, 1001), gop: 120,
            segment: 360),
        Case(testDescription: "1", rate: Rational(1), expected: Rational(1), gop: 2, segment: 6),
        Case(testDescription: "8.797", rate: Rational(8797, 1000), expected: Rational(8797, 1000), gop: 18, segment: 54),
        Case(testDescription: "a slide every 10 s", rate: Rational(1, 10), expected: Rational(1), gop: 2, segment: 6),
    ]

    @Test("Frame rate, GOP and segment", arguments: cases)
    func lengths(_ given: Case) throws {
        let grid = try plan(Given.video(rate: given.rate, seconds: Rational(30), interlaced: given.interlaced)).grid
        #expect(grid.frameRate == given.expected)
        #expect(grid.gopFrames == given.gop)
        #expect(grid.segmentFrames == given.segment)
    }

    @Test("A cap of 30 divides 60 fps by two, and every rung's frames divide the GOP")
    func caps() throws {
        let plan = try plan(Given.video(rate: Rational(60), seconds: Rational(601, 60)))
        #expect(plan.rungs.map(\.frameDivisor) == [1, 1, 2, 2, 2])
        #expect(plan.rungs.map(\.frames) == [601, 601, 301, 301, 301])
        #expect(plan.rungs.map(\.frameRate) == [60, 60, 30, 30, 30].map { Rational($0) })
        #expect(plan.grid.gopFrames % 2 == 0)
    }

    @Test(
        "Caps are met by whole divisors",
        arguments: [
            (Rational(60000, 1001), Rational(30), 2), (Rational(30000, 1001), Rational(30), 1), (Rational(30), Rational(30000, 1001), 1),
            (Rational(50), Rational(30), 2), (Rational(50), Rational(20), 3), (Rational(25), Rational(24), 2),
            (Rational(60), Rational(15), 4), (Rational(1), Rational(30), 1),
        ])
    func divisors(rate: Rational, cap: Rational, expected: Int) {
        #expect(FrameRates.divisor(of: rate, cap: cap) == expected)
    }

    @Test("Where no rung is faster than 30, the grid is not either")
    func slowLadder() throws {
        let preset = Given.preset([Given.rung("720p", 1280, 720, kilobits: 3000, cap: Rational(30))])
        let plan = try plan(Given.video(rate: Rational(60)), request: Given.request(preset))
        #expect(plan.grid.frameRate == Rational(30))
        #expect(plan.grid.frames == 300)
        #expect(plan.rungs[0].frameDivisor == 1)
    }

    @Test("Caps that do not divide each other share a GOP of their common multiple")
    func commonMultiple() throws {
        let rungs = [
            Given.rung("a", 1280, 720, kilobits: 3000), Given.rung("b", 960, 540, kilobits: 2000, cap: Rational(30)),
            Given.rung("c", 640, 360, kilobits: 800, cap: Rational(20)),
        ]
        let plan = try plan(Given.video(rate: Rational(60)), request: Given.request(Given.preset(rungs)))
        #expect(plan.rungs.map(\.frameDivisor) == [1, 2, 3])
        #expect(plan.grid.gopFrames == 120)
        #expect(plan.grid.segmentFrames == 360)
    }

    @Test("The count of frames is the nearest, and never 0")
    func counts() throws {
        #expect(try plan(Given.video(rate: Rational(30000, 1001), seconds: Rational(1001, 100))).grid.frames == 300)
        // One picture is a film where sound goes with it.
        let sound = Given.sound(seconds: Rational(1, 25))
        #expect(try plan(Given.video(rate: Rational(25), seconds: Rational(1, 25)), [sound]).grid.frames == 1)
        #expect(try plan(Given.video(rate: Rational(25), seconds: Rational(1, 1000)), [sound]).grid.frames == 1)
    }

    @Test("Sound alone is measured with a ruler of 25 and loses nothing at its end")
    func soundAlone() throws {
        let plan = try plan(nil, [Given.sound(seconds: Rational(101, 100)), Given.sound(stream: 2, seconds: Rational(1))])
        #expect(plan.grid.frameRate == Rational(25))
        #expect(plan.grid.frames == 26)
        #expect(plan.grid.chunkStarts == [0])
        #expect(plan.picture == nil)
        #expect(plan.rungs.isEmpty)
        #expect(plan.images == nil)
    }
}
