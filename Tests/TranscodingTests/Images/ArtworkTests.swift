import MediaModel
import TestSupport
import Testing
import Transcoding

@Suite struct ArtworkTests {
    /// A film with its artwork drawn by ffmpeg from `drawing`; poster and card in the artwork's shape.
    private func written(
        _ drawing: String, _ name: String, poster: ImagePlan.Size, card: ImagePlan.Size, options: [String] = []
    ) throws -> WrittenImages {
        let folder = try TemporaryFolder()
        let path = folder.file(name)
        try Program.demand(
            "ffmpeg", ["-v", "error", "-f", "lavfi", "-i", drawing, "-frames:v", "1"] + options + [path])
        return try ImageFixture(
            video: "testsrc2=size=320x180:rate=25:duration=2", poster: poster, cards: [card],
            artwork: path
        ).write()
    }

    @Test func replacesThePosterAndKeepsItsShape() throws {
        let images = try written(
            "color=0x2060C0:size=200x300", "art.png", poster: .init(width: 120, height: 180), card: .init(width: 60, height: 90))
        #expect(try images.size("poster.jpg") == "120x180")
        #expect(try images.size("card-60.webp") == "60x90")
        for name in ["poster.jpg", "poster.webp"] {
            let pixel = try images.pixels(name).prefix(3).map(Int.init)
            for (channel, wanted) in zip(pixel, [0x20, 0x60, 0xC0]) { #expect(abs(channel - wanted) <= 6, "\(name): \(pixel)") }
        }
        #expect(try images.cues().count == 2, "the sprite shows the film")
    }

    @Test(arguments: ["art.jpg", "art.webp"]) func readsOtherFormats(_ name: String) throws {
        let images = try written(
            "color=0x2060C0:size=200x100,format=yuv420p", name, poster: .init(width: 200, height: 100), card: .init(width: 100, height: 50))
        let pixel = try images.pixels("poster.jpg").prefix(3).map(Int.init)
        for (channel, wanted) in zip(pixel, [0x20, 0x60, 0xC0]) { #expect(abs(channel - wanted) <= 8, "\(pixel)") }
    }

    @Test func transparencyIsBlack() throws {
        let drawing = "color=white:size=200x100,format=rgba,geq=r=255:g=255:b=255:a='255*gte(X,100)'"
        let images = try written(drawing, "art.png", poster: .init(width: 200, height: 100), card: .init(width: 100, height: 50))
        let gray = try images.gray("poster.jpg")
        #expect(gray[50 * 200 + 20] < 6)
        #expect(gray[50 * 200 + 180] > 249)
    }

    @Test func grayStaysGray() throws {
        let images = try written(
            "color=0x808080:size=200x100,format=gray", "art.png", poster: .init(width: 200, height: 100),
            card: .init(width: 100, height: 50))
        let pixel = try images.pixels("poster.jpg").prefix(3).map(Int.init)
        #expect(pixel.allSatisfy { abs($0 - 0x80) <= 3 }, "\(pixel)")
    }

    @Test func photographOnItsSideIsSetUpright() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("side.jpg")
        // Black on the left, white on the right; EXIF says that its left is the top.
        try Program.demand(
            "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", "color=white:size=200x100,drawbox=w=100:color=black:t=fill", "-frames:v", "1", path])
        let stored = try folder.bytes(of: "side.jpg")
        let entry: [UInt8] = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
        let exif = [UInt8]("Exif\0\0MM\0*\0\0\0\u{8}\0\u{1}".utf8) + entry + [0, 0, 0, 0]
        try folder.write(stored[..<2] + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif + stored[2...], to: "side.jpg")
        let images = try ImageFixture(
            video: "testsrc2=size=320x180:rate=25:duration=1", poster: .init(width: 200, height: 100),
            cards: [.init(width: 100, height: 50)], artwork: path
        ).write()
        #expect(try images.size("poster.jpg") == "100x200")
        #expect(try images.size("card-50.jpg") == "50x100")
        let gray = try images.gray("poster.jpg")
        #expect(gray[50] < 6)
        #expect(gray[199 * 100 + 50] > 249)
    }

    @Test func brokenFileIsNamed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("no picture at all", to: "art.jpg")
        let fixture = try ImageFixture(
            video: "testsrc2=size=320x180:rate=25:duration=1", artwork: path)
        let error = #expect(throws: TranscodingError.self) { try fixture.write() }
        #expect(error?.description.contains("art.jpg") == true)
    }
}
