import MediaModel
import Testing

@testable import Planning

@Suite("Colour read as it was meant")
struct ColorPlannerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var size = (1920, 1080)
        var format = "yuv420p"
        /// Primaries, transfer, matrix.
        let tags: [Int]
        var isFull = false
        let input: [Int]
        var inputIsFull = false
        let output: [Int]
    }

    static let cases = [
        Case(testDescription: "BT.709", tags: [1, 1, 1], input: [1, 1, 1], output: [1, 1, 1]),
        Case(testDescription: "untagged HD", tags: [2, 2, 2], input: [1, 1, 1], output: [1, 1, 1]),
        Case(testDescription: "untagged 480", size: (720, 480), tags: [2, 2, 2], input: [6, 6, 6], output: [6, 6, 6]),
        Case(testDescription: "untagged 576", size: (720, 576), tags: [2, 2, 2], input: [5, 6, 5], output: [5, 6, 5]),
        Case(testDescription: "untagged portrait HD", size: (720, 1280), tags: [2, 2, 2], input: [1, 1, 1], output: [1, 1, 1]),
        Case(testDescription: "untagged portrait SD", size: (480, 848), tags: [2, 2, 2], input: [6, 6, 6], output: [6, 6, 6]),
        Case(testDescription: "only the transfer is named", size: (1280, 720), tags: [2, 6, 2], input: [1, 6, 1], output: [1, 6, 1]),
        Case(testDescription: "primaries tell the matrix", size: (640, 480), tags: [1, 2, 2], input: [1, 1, 1], output: [1, 1, 1]),
        Case(testDescription: "matrix tells the rest", tags: [2, 2, 6], input: [6, 6, 6], output: [6, 6, 6]),
        Case(testDescription: "PAL's gamma is carried", size: (720, 576), tags: [5, 5, 5], input: [5, 5, 5], output: [5, 5, 5]),
        Case(testDescription: "SMPTE 240M is converted", tags: [7, 7, 7], input: [7, 7, 7], output: [1, 1, 1]),
        Case(testDescription: "BT.2020 SDR is converted", tags: [9, 14, 9], input: [9, 14, 9], output: [1, 1, 1]),
        Case(
            testDescription: "full range", tags: [1, 1, 1], isFull: true, input: [1, 1, 1], inputIsFull: true, output: [1, 1, 1]),
        Case(
            testDescription: "yuvj is full range", size: (640, 480), format: "yuvj420p", tags: [2, 2, 2], input: [6, 6, 6],
            inputIsFull: true, output: [6, 6, 6]),
        Case(testDescription: "RGB", format: "gbrp", tags: [2, 2, 0], input: [1, 1, 0], inputIsFull: true, output: [1, 1, 1]),
        Case(
            testDescription: "a GIF is RGB at any size", size: (600, 400), format: "bgra", tags: [2, 2, 2], input: [1, 1, 0],
            inputIsFull: true, output: [1, 1, 1]),
        Case(testDescription: "palette", format: "pal8", tags: [1, 13, 0], input: [1, 1, 0], inputIsFull: true, output: [1, 1, 1]),
        Case(testDescription: "RGB's matrix on YUV is no tag", tags: [2, 2, 0], input: [1, 1, 1], output: [1, 1, 1]),
        Case(testDescription: "reserved numbers are no tags", tags: [3, 3, 3], input: [1, 1, 1], output: [1, 1, 1]),
        Case(testDescription: "sRGB's curve is carried", tags: [1, 13, 1], input: [1, 1, 1], output: [1, 1, 1]),
    ]

    private func tags(_ codes: [Int], _ isFull: Bool) -> ColorTags {
        ColorTags(primaries: codes[0], transfer: codes[1], matrix: codes[2], isFullRange: isFull)
    }

    @Test("Input and output", arguments: cases)
    func colour(_ given: Case) throws {
        let video = Given.video(given.size.0, given.size.1, format: given.format, color: tags(given.tags, given.isFull))
        let picture = try #require(try plan(video).picture)
        #expect(picture.input == tags(given.input, given.inputIsFull))
        #expect(picture.output == tags(given.output, false))
    }

    @Test("PQ and HLG fail their title with a clear message", arguments: [(16, "PQ"), (18, "HLG")])
    func hdr(transfer: Int, name: String) {
        let color = ColorTags(primaries: 9, transfer: transfer, matrix: 9, isFullRange: false)
        let error = #expect(throws: PlanningError.self) { try plan(Given.video(color: color)) }
        #expect(error?.code == .hdr)
        #expect(error?.description.contains(name) == true)
        #expect(error?.description.contains("not built yet") == true)
    }

    @Test("Interlaced sources are deinterlaced")
    func interlaced() throws {
        #expect(try plan(Given.video(interlaced: true)).picture?.deinterlace == true)
        #expect(try plan(Given.video()).picture?.deinterlace == false)
    }
}
