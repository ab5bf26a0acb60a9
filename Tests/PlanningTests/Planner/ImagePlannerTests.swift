import MediaModel
import Testing

@testable import Planning

@Suite("Still pictures")
struct ImagePlannerTests {
    private func images(
        _ video: VideoTrackInfo?, _ settings: ImageSettings = ImageSettings(), artwork: ImagePlan.Size? = nil, audio: [AudioTrackInfo] = []
    ) throws -> ImagePlan? {
        let request = Given.request(Given.preset(images: settings), artwork: artwork == nil ? nil : "/art.jpg")
        return try plan(video, audio, request: request, fingerprints: ["/art.jpg": "a7"], artwork: artwork).images
    }

    private func text(_ size: ImagePlan.Size) -> String { "\(size.width)x\(size.height)" }

    @Test(
        "Shapes are kept, sizes even, nothing is enlarged",
        arguments: [
            (1920, 1080, "1280x720", ["320x180", "640x360"], "160x90"), (1080, 1920, "720x1280", ["320x568", "640x1138"], "90x160"),
            (640, 480, "640x480", ["320x240", "640x480"], "160x120"), (320, 180, "320x180", ["320x180"], "160x90"),
            (1920, 800, "1280x534", ["320x134", "640x266"], "160x66"), (100, 100, "100x100", ["100x100"], "100x100"),
            (1, 1, "2x2", ["2x2"], "2x2"), (4000, 20, "1280x6", ["320x2", "640x4"], "160x2"),
        ] as [(Int, Int, String, [String], String)])
    func sizes(width: Int, height: Int, poster: String, cards: [String], tile: String) throws {
        let plan = try #require(try images(Given.video(width, height)))
        #expect(text(plan.poster) == poster)
        #expect(plan.cards.map(text) == cards)
        #expect(text(plan.tile) == tile)
    }

    @Test("A tile in the middle of every interval, the last one inside the title")
    func tiles() throws {
        let plan = try #require(try images(Given.video(rate: Rational(25), seconds: Rational(251, 25))))
        #expect(plan.interval == Rational(2))
        #expect(plan.tileFrames == [25, 75, 125, 175, 225, 250])
        #expect(plan.columns == 6)
        #expect(plan.rows == 1)
    }

    @Test("One frame has one tile")
    func oneFrame() throws {
        // Two pictures of a variable rate, of which the grid shows one: a single one would be no film.
        var video = Given.video(rate: Rational(25), seconds: Rational(1, 25))
        video.frames = 2
        let plan = try #require(try images(video))
        #expect(plan.tileFrames == [0])
        #expect(plan.columns == 1)
        #expect(plan.rows == 1)
    }

    @Test(
        "A long title has at most 400 tiles, in steps of 1, 2 and 5",
        arguments: [(800, 2), (801, 4), (3600, 10), (7200, 20), (36000, 100)] as [(Int64, Int64)])
    func longTitles(seconds: Int64, interval: Int64) throws {
        let plan = try #require(try images(Given.video(rate: Rational(1), seconds: Rational(seconds))))
        #expect(plan.interval == Rational(interval))
        #expect(plan.tileFrames.count <= 400)
        // The last tile stands for the last second.
        #expect(Int64(plan.tileFrames.count) * interval >= seconds)
        #expect(plan.columns == 10)
        #expect(plan.rows == 10)
    }

    @Test("An artwork keeps its own shape; tiles still show the picture")
    func artwork() throws {
        let plan = try #require(try images(Given.video(), artwork: ImagePlan.Size(width: 1000, height: 1500)))
        #expect(plan.artwork == ContentHash("a7"))
        #expect(text(plan.poster) == "720x1080")
        #expect(plan.cards.map(text) == ["320x480", "640x960"])
        #expect(text(plan.tile) == "160x90")
        #expect(plan.tileFrames.count == 5)
    }

    @Test("Sound alone has images only of an artwork, and no tiles")
    func soundAlone() throws {
        #expect(try images(nil, audio: [Given.sound()]) == nil)
        let plan = try #require(try images(nil, artwork: ImagePlan.Size(width: 600, height: 600), audio: [Given.sound()]))
        #expect(text(plan.poster) == "600x600")
        #expect(plan.tileFrames.isEmpty)
    }

    @Test("A preset without images makes none, and says so of an artwork")
    func noImages() throws {
        let request = Given.request(Given.preset(), artwork: "/art.jpg")
        let plan = try plan(Given.video(), request: request)
        #expect(plan.images == nil)
        #expect(plan.warnings == ["the preset test makes no images: the artwork is not used"])
    }

    @Test("An artwork that nobody measured is an error")
    func unmeasured() {
        let request = Given.request(Given.preset(images: ImageSettings()), artwork: "/art.jpg")
        let error = #expect(throws: PlanningError.self) {
            try plan(Given.video(), request: request, fingerprints: ["/art.jpg": "a7"])
        }
        #expect(error?.code == .facts)
    }
}
