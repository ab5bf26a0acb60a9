import MediaModel
import Testing

@testable import Planning

@Suite("The ladder fitted to its picture")
struct FittedLadderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let width: Int
        let height: Int
        var pixels = Rational.one
        var orientation = Orientation.upright
        let picture: String
        let rungs: [String]
    }

    private static let quarter = Orientation(mirrored: false, clockwise: 90)

    static let cases = [
        Case(
            testDescription: "1080p keeps all", width: 1920, height: 1080, picture: "1920x1080",
            rungs: ["1080p 1920x1080", "720p 1280x720", "432p-high 768x432", "432p 768x432", "234p 416x234"]),
        Case(
            testDescription: "2160p is never more than the ladder", width: 3840, height: 2160, picture: "3840x2160",
            rungs: ["1080p 1920x1080", "720p 1280x720", "432p-high 768x432", "432p 768x432", "234p 416x234"]),
        Case(
            testDescription: "between two rungs: the smaller is the top", width: 1310, height: 734, picture: "1310x734",
            rungs: ["720p 1280x718", "432p-high 768x430", "432p 768x430", "234p 416x234"]),
        Case(
            testDescription: "a hair below 1080p keeps the rung at its own size", width: 1912, height: 1072, picture: "1912x1072",
            rungs: ["1080p 1912x1072", "720p 1280x718", "432p-high 768x430", "432p 768x430", "234p 416x234"]),
        Case(
            testDescription: "letterbox cropped", width: 1920, height: 804, picture: "1920x804",
            rungs: ["1080p 1920x804", "720p 1280x536", "432p-high 768x322", "432p 768x322", "234p 416x174"]),
        Case(
            testDescription: "stored portrait", width: 1080, height: 1920, picture: "1080x1920",
            rungs: ["1080p 1080x1920", "720p 720x1280", "432p-high 432x768", "432p 432x768", "234p 234x416"]),
        Case(
            testDescription: "phone, turned", width: 1280, height: 720, orientation: quarter, picture: "720x1280",
            rungs: ["720p 720x1280", "432p-high 432x768", "432p 432x768", "234p 234x416"]),
        Case(
            testDescription: "upside down", width: 1280, height: 720, orientation: Orientation(mirrored: true, clockwise: 180),
            picture: "1280x720", rungs: ["720p 1280x720", "432p-high 768x432", "432p 768x432", "234p 416x234"]),
        Case(
            testDescription: "PAL widescreen", width: 720, height: 576, pixels: Rational(64, 45), picture: "1024x576",
            rungs: ["432p-high 768x432", "432p 768x432", "234p 416x234"]),
        Case(
            testDescription: "narrow pixels lose width, not lines", width: 640, height: 360, pixels: Rational(2, 3), picture: "426x360",
            rungs: ["234p 276x234"]),
        Case(
            testDescription: "anamorphic and turned", width: 720, height: 576, pixels: Rational(64, 45), orientation: quarter,
            picture: "576x1024", rungs: ["432p-high 432x768", "432p 432x768", "234p 234x416"]),
        Case(
            testDescription: "square counts as landscape", width: 500, height: 500, picture: "500x500",
            rungs: [
                "432p-high 432x432", "432p 432x432", "234p 234x234",
            ]),
        Case(
            testDescription: "odd sides", width: 853, height: 479, picture: "852x478",
            rungs: [
                "432p-high 768x430", "432p 768x430", "234p 416x234",
            ]),
        Case(testDescription: "below the whole ladder", width: 161, height: 121, picture: "160x120", rungs: ["234p 160x120"]),
        Case(testDescription: "one pixel", width: 1, height: 1, picture: "2x2", rungs: ["234p 2x2"]),
    ]

    @Test("Sizes are even, shaped like the source and never above it", arguments: cases)
    func sizes(_ given: Case) throws {
        let video = Given.video(given.width, given.height, pixels: given.pixels, orientation: given.orientation)
        let plan = try plan(video)
        let picture = try #require(plan.picture)
        #expect("\(picture.width)x\(picture.height)" == given.picture)
        #expect(plan.rungs.map { "\($0.rung.name) \($0.width)x\($0.height)" } == given.rungs)
        #expect(plan.rungs.count + plan.dropped.count == Given.ladder.count)
        #expect(plan.rungs.allSatisfy { $0.width <= picture.width && $0.height <= picture.height })
    }

    @Test("What is cut off counts for nothing: the ladder fits what is left, turned after it was cut")
    func crop() throws {
        let bars = Given.request(crop: Crop(top: 140, bottom: 140))
        let wide = try plan(Given.video(1920, 1080), request: bars)
        #expect(wide.picture.map { "\($0.width)x\($0.height)" } == "1920x800")
        #expect(wide.rungs.first.map { "\($0.width)x\($0.height)" } == "1920x800")
        #expect(wide.version != (try plan(Given.video(1920, 1080))).version)
        let turned = Given.video(1920, 1080, orientation: Orientation(mirrored: false, clockwise: 90))
        #expect(try plan(turned, request: bars).picture.map { "\($0.width)x\($0.height)" } == "800x1920")
        let error = #expect(throws: PlanningError.self) {
            try plan(Given.video(1920, 1080), request: Given.request(crop: Crop(top: 540, bottom: 540)))
        }
        #expect(error?.description.contains("crop leaves 1920x0 of a picture of 1920x1080") == true)
    }

    @Test("A dropped rung says why, in the preset's order")
    func reasons() throws {
        let plan = try plan(Given.video(640, 360))
        #expect(plan.dropped.map(\.name) == ["1080p", "720p", "432p-high", "432p"])
        #expect(plan.dropped.allSatisfy { $0.reason == "larger than the source (640x360)" })
    }

    @Test("Rungs that only fitting makes alike: the one with more bits stays")
    func twins() throws {
        let rungs = [
            Given.rung("wide", 1920, 800, kilobits: 5000), Given.rung("full", 1920, 1080, kilobits: 7000),
            Given.rung("small", 640, 360, kilobits: 800),
        ]
        let plan = try plan(Given.video(1920, 800), request: Given.request(Given.preset(rungs)))
        #expect(plan.rungs.map(\.rung.name) == ["full", "small"])
        #expect(plan.dropped == [DroppedRung(name: "wide", reason: "comes out as 1920x800, like full")])
    }

    @Test("Encoders have a least size: a smaller rung is dropped, a smaller source is an error")
    func encoderMinimum() throws {
        let rungs = [Given.rung("a", 640, 360, kilobits: 800, codec: .av1), Given.rung("b", 100, 56, kilobits: 100, codec: .av1)]
        let kept = try plan(Given.video(640, 360), request: Given.request(Given.preset(rungs)))
        #expect(kept.rungs.map(\.rung.name) == ["a"])
        #expect(kept.dropped.first?.reason == "100x56 is less than libsvtav1 can encode (64x64)")
        let error = #expect(throws: PlanningError.self) {
            try plan(Given.video(48, 32), request: Given.request(Given.preset(rungs)))
        }
        #expect(error?.code == .size)
        #expect(error?.description.contains("48x32") == true)
        let hevc = Given.request(Given.preset([Given.rung("a", 640, 360, kilobits: 800, codec: .hevc, profile: "main")]))
        #expect(try plan(Given.video(16, 16), request: hevc).rungs[0].width == 16)
        #expect(throws: PlanningError.self) { try plan(Given.video(14, 16), request: hevc) }
    }

    @Test("A picture without a size is an error")
    func impossible() {
        let error = #expect(throws: PlanningError.self) { try plan(Given.video(0, 1080)) }
        #expect(error?.code == .source)
    }
}
