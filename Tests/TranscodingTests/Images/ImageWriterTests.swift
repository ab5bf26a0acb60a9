import MediaModel
import TestSupport
import Testing
import Transcoding

@Suite struct ImageWriterTests {
    private static let film = "testsrc2=size=320x180:rate=25:duration=4"

    @Test func everyPictureIsThereWithTheSizeThatIsRecorded() throws {
        let written = try ImageFixture(video: Self.film).write()
        #expect(
            Set(written.record.images.map(\.path)) == [
                "images/poster.jpg", "images/poster.webp", "images/card-160.jpg", "images/card-160.webp", "images/sprite-1.jpg",
                "images/sprite.vtt",
            ])
        for image in written.record.images where image.kind != .spriteMap {
            let name = String(image.path.dropFirst("images/".count))
            #expect(try written.size(name) == "\(image.width)x\(image.height)")
            #expect(try Judge.complaints(written.path(name)) == "")
        }
        #expect(try written.size("poster.webp") == "320x180")
        #expect(try Judge.entries(written.path("poster.webp"), "stream=codec_name") == ["webp"])
        #expect(try Judge.entries(written.path("poster.jpg"), "stream=codec_name") == ["mjpeg"])
        #expect(written.record.images.last == PackageImage(kind: .spriteMap, path: "images/sprite.vtt", width: 0, height: 0))
    }

    @Test func posterOfAFilmThatIsMostlyBlackIsNotBlack() throws {
        let half = "color=black:size=320x180:rate=25:duration=4[a];\(Self.film)[b];[a][b]concat=n=2"
        #expect(try ImageFixture(video: half).write().meanGray("poster.jpg") > 60)
        // Five frames in the last hundredth, where no candidate of the first round lies.
        let sliver = "color=black:size=320x180:rate=25:duration=20[a];testsrc2=size=320x180:rate=25:duration=0.2[b];[a][b]concat=n=2"
        #expect(try ImageFixture(video: sliver).write().meanGray("poster.jpg") > 60)
    }

    @Test func blackFilmGetsAPosterToo() throws {
        let written = try ImageFixture(video: "color=black:size=320x180:rate=25:duration=2").write()
        #expect(try written.meanGray("poster.jpg") < 3)
        #expect(try written.size("poster.jpg") == "320x180")
    }

    @Test func posterComesFromTheSharpHalf() throws {
        let film = "mandelbrot=size=320x180:rate=25:end_pts=200,trim=end_frame=200,format=yuv420p,gblur=sigma=6:enable='lt(t,4)'"
        let fixture = try ImageFixture(video: film, options: ["-crf", "12"])
        let chosen = try fixture.write()
        var blurred = fixture
        blurred.plan.grid.frames = 90
        blurred.plan.images?.tileFrames = [10]
        #expect(try chosen.steepness("poster.jpg") > 2 * blurred.write().steepness("poster.jpg"))
    }

    @Test func spriteCoversTheTitleToItsEnd() throws {
        // 10.344 s at 29.97: eleven tiles of 1 s, the last of them short, six on the first sheet.
        let written = try ImageFixture(video: "testsrc2=size=320x180:rate=30000/1001", options: ["-frames:v", "310"]).write()
        let cues = try written.cues()
        #expect(cues.count == 11)
        #expect(cues.first?.start == "00:00:00.000")
        #expect(cues.last?.end == "00:00:10.344")
        for (cue, next) in zip(cues, cues.dropFirst()) { #expect(cue.end == next.start) }
        #expect(cues[5].text == "sprite-1.jpg#xywh=128,36,64,36")
        #expect(cues[10].text == "sprite-2.jpg#xywh=64,36,64,36")
        #expect(try written.size("sprite-1.jpg") == "192x72")
        #expect(try written.size("sprite-2.jpg") == "192x72")
    }

    @Test func lastSheetHasOnlyTheRowsItNeeds() throws {
        let written = try ImageFixture(video: "testsrc2=size=320x180:rate=25:duration=8").write()
        #expect(try written.size("sprite-1.jpg") == "192x72")
        #expect(try written.size("sprite-2.jpg") == "192x36")
    }

    @Test func tilesShowTheirMoment() throws {
        // A film that turns from black to white in the middle.
        let film = "color=black:size=320x180:rate=25:duration=3[a];color=white:size=320x180:rate=25:duration=3[b];[a][b]concat=n=2"
        let written = try ImageFixture(video: film, options: ["-g", "10"]).write()
        let sheet = try written.gray("sprite-1.jpg")
        // Columns of 64, rows of 36: the first row is black, the second white.
        for tile in 0..<6 {
            let middle = sheet[(tile / 3 * 36 + 18) * 192 + tile % 3 * 64 + 32]
            #expect(tile < 3 ? middle < 8 : middle > 247)
        }
    }

    @Test func portraitStaysPortrait() throws {
        // Stored on its side: black on the left, which is the top when it is set upright.
        let written = try ImageFixture(
            video: "color=white:size=320x180:rate=25:duration=4,drawbox=w=160:color=black:t=fill", isOnItsSide: true,
            poster: .init(width: 180, height: 320), cards: [.init(width: 90, height: 160)], tile: .init(width: 36, height: 64)
        ).write()
        let poster = try written.gray("poster.jpg")
        #expect(poster[90] < 6)
        #expect(poster[319 * 180 + 90] > 249)
        #expect(try written.size("poster.jpg") == "180x320")
        #expect(try written.size("card-90.webp") == "90x160")
        #expect(try written.size("sprite-1.jpg") == "108x128")
        #expect(try written.cues().first?.text == "sprite-1.jpg#xywh=0,0,36,64")
    }

    @Test func filmOfOnePixelHasPictures() throws {
        let pixel = ImagePlan.Size(width: 2, height: 2)
        let written = try ImageFixture(
            video: "color=red:size=1x1:rate=25:duration=1,format=yuv444p", name: "film.mkv",
            options: ["-c:v", "ffv1", "-pix_fmt", "yuv444p"],
            poster: pixel, cards: [pixel], tile: pixel
        ).write()
        #expect(try written.size("poster.webp") == "2x2")
        #expect(try written.size("sprite-1.jpg") == "6x2")
    }

    @Test func coloursAreThoseOfTheFilm() throws {
        // In BT.709, as the film says; a still that kept the matrix would come out orange.
        let film = "color=0xE02040:size=320x180:rate=25:duration=1,format=gbrp,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
        let written = try ImageFixture(
            video: film, options: ["-crf", "5", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
        ).write()
        for name in ["poster.jpg", "poster.webp", "card-160.jpg", "sprite-1.jpg"] {
            let pixel = try written.pixels(name).prefix(3).map(Int.init)
            for (channel, wanted) in zip(pixel, [0xE0, 0x20, 0x40]) { #expect(abs(channel - wanted) <= 6, "\(name): \(pixel)") }
        }
    }

    @Test func picturesCarryNoMetadataAndAreTheSameEachTime() throws {
        let fixture = try ImageFixture(video: Self.film)
        let (first, second) = (try fixture.write(), try fixture.write())
        #expect(first.record == second.record)
        for name in ["poster.jpg", "poster.webp", "card-160.jpg", "sprite-1.jpg", "sprite.vtt"] {
            let bytes = try first.folder.bytes(of: name)
            #expect(try second.folder.bytes(of: name) == bytes)
            #expect(!String(decoding: bytes, as: Unicode.ASCII.self).contains("Lavc"))
        }
    }

    @Test func titleWithoutImagesWritesNothing() throws {
        var fixture = try ImageFixture(video: Self.film)
        fixture.plan.images = nil
        let written = try fixture.write()
        #expect(written.record.images.isEmpty)
        #expect(try written.folder.listing().isEmpty)
    }

    @Test func transportStreamIsReadInOneGo() throws {
        let written = try ImageFixture(video: Self.film, name: "film.ts", options: ["-g", "25"]).write()
        #expect(try written.cues().count == 4)
        #expect(try written.meanGray("poster.jpg") > 60)
    }
}
