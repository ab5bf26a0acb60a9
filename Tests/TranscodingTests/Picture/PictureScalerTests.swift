import Libav
import MediaModel
import TestSupport
import Testing

@testable import Transcoding

/// Colours, sides and corners of what comes out, held against arithmetic and against the `ffmpeg` program.
@Suite struct PictureScalerTests {
    private typealias Target = PictureScaler.Target
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// An 8-bit 4:2:0 picture with a way to look at it.
    private struct Picture: Equatable {
        var width: Int
        var planes: [[UInt8]]

        func pixel(_ x: Int, _ y: Int) -> [Int] {
            [Int(planes[0][y * width + x])] + planes[1...].map { Int($0[(y / 2) * (width / 2) + x / 2]) }
        }
    }

    /// The title's first picture in each of `targets`, asked for in that order.
    private func scaled(_ title: SmallTitle, to targets: [Target]) throws -> [Picture] {
        let reader = try PictureReader(path: title.path, plan: title.plan, index: title.index)
        let scaler = PictureScaler(picture: try #require(title.plan.picture))
        var pictures: [Picture] = []
        try reader.forEach(in: 0..<1) { number, frame, serial throws(TranscodingError) in
            try scaler.take(frame, serial: serial)
            for target in targets {
                let picture = try scaler.scaled(to: target)
                #expect(picture.shape.width == target.width && picture.shape.height == target.height)
                #expect(picture.color == .bt709)
                let (width, height) = (target.width * (target.bitDepth > 8 ? 2 : 1), target.height)
                pictures.append(
                    Picture(
                        width: target.width,
                        planes: (0..<3).map { picture.plane($0, width: $0 == 0 ? width : width / 2, height: $0 == 0 ? height : height / 2) }
                    ))
            }
            return true
        }
        return pictures
    }

    /// The middle of a picture of one colour, as it leaves in 32 by 24 pixels.
    private func colour(_ source: String, _ options: [String], name: String = "patch.mkv") throws -> [Int] {
        let path = try Clip.make(folder.file(name), video: source, options: options)
        let picture = try #require(try scaled(try SmallTitle(path), to: [Target(width: 32, height: 24, bitDepth: 8)]).first)
        return picture.pixel(16, 12)
    }

    private func expect(_ found: [Int], near wanted: [Int], by most: Int = 2, _ place: SourceLocation = #_sourceLocation) {
        #expect(zip(found, wanted).allSatisfy { abs($0 - $1) <= most }, "\(found), not \(wanted)", sourceLocation: place)
    }

    private static func flat(_ luma: Int, _ cb: Int = 128, _ cr: Int = 128, size: String = "64x48", format: String = "yuv420p") -> String {
        "nullsrc=size=\(size):rate=25:duration=0.2,format=\(format),geq=lum=\(luma):cb=\(cb):cr=\(cr)"
    }

    /// White, with black bars of other heights and widths all around.
    @Test(arguments: [Orientation.upright, Orientation(mirrored: false, clockwise: 90)])
    func barsAreCutOffBeforeThePictureIsTurned(_ orientation: Orientation) throws {
        let inside = "between(X,8,83)*between(Y,20,53)"
        let bars = "nullsrc=size=96x64:rate=25:duration=0.2,format=yuv420p,geq=lum='if(\(inside),235,16)':cb=128:cr=128"
        var title = try SmallTitle(try Clip.make(folder.file("bars.mkv"), video: bars, options: ["-c:v", "ffv1", "-color_range", "tv"]))
        title.plan.picture?.crop = Crop(top: 20, bottom: 10, left: 8, right: 12)
        title.plan.picture?.orientation = orientation
        let (width, height) = orientation.swapsSides ? (34, 76) : (76, 34)
        for (width, height) in [(width, height), (width / 2 & ~1, height / 2 & ~1)] {
            let picture = try #require(try scaled(title, to: [Target(width: width, height: height, bitDepth: 8)]).first)
            #expect(picture.planes[0].allSatisfy { $0 >= 233 }, "a bar is left in \(width)x\(height)")
        }
    }

    @Test(arguments: [(0, 16), (128, 126), (255, 235)])
    func fullRangeIsMadeLimited(_ luma: (full: Int, limited: Int)) throws {
        for size in ["64x48", "161x121"] {
            let found = try colour(
                Self.flat(luma.full, size: size), ["-c:v", "ffv1", "-color_range", "pc", "-colorspace", "bt709"], name: "full-\(size).mkv")
            expect(found, near: [luma.limited, 128, 128], by: 1)
        }
    }

    @Test func limitedRangeStays() throws {
        expect(try colour(Self.flat(200, 100, 150), ["-c:v", "ffv1"]), near: [200, 100, 150], by: 1)
    }

    @Test(arguments: [("red", [63, 102, 240]), ("blue", [32, 240, 118]), ("white", [235, 128, 128]), ("black", [16, 128, 128])])
    func rgbBecomesBT709(_ patch: (name: String, wanted: [Int])) throws {
        for (format, encoder) in [("gbrp", "ffv1"), ("rgb24", "png")] {
            let found = try colour(
                "color=\(patch.name):size=64x48:rate=25:duration=0.2,format=\(format)", ["-c:v", encoder, "-pix_fmt", format],
                name: "\(format).mov")
            expect(found, near: patch.wanted)
        }
    }

    @Test func tenBitsOf422BecomeEightOf420() throws {
        let found = try colour(
            Self.flat(600, 400, 700, format: "yuv422p10le"), ["-c:v", "ffv1", "-pix_fmt", "yuv422p10le"])
        expect(found, near: [150, 100, 175], by: 1)
    }

    @Test func tenBitsStayTenWhereTheyAreAskedFor() throws {
        let path = try Clip.make(
            folder.file("ten.mkv"), video: Self.flat(601, 400, 700, format: "yuv420p10le"),
            options: ["-c:v", "ffv1", "-pix_fmt", "yuv420p10le"])
        let picture = try #require(try scaled(try SmallTitle(path), to: [Target(width: 64, height: 48, bitDepth: 10)]).first)
        #expect(Int(picture.planes[0][2000]) + Int(picture.planes[0][2001]) << 8 == 601)
    }

    @Test func oddSidesGiveEvenPictures() throws {
        let path = try Clip.make(
            folder.file("odd.mkv"), video: "nullsrc=size=161x121:rate=25:duration=0.2,format=yuv420p,geq=lum='60+X/2':cb='90+Y':cr=140",
            options: ["-c:v", "ffv1", "-pix_fmt", "yuv420p"])
        let title = try SmallTitle(path)
        #expect([title.plan.source.video?.width, title.plan.source.video?.height] == [161, 121])
        let pictures = try scaled(title, to: [Target(width: 160, height: 120, bitDepth: 8), Target(width: 80, height: 60, bitDepth: 8)])
        // As ffmpeg sees the picture's middle.
        let judged = try judge(path, ["-vf", "scale=80:60:flags=lanczos"], width: 80, height: 60)
        expect(pictures[1].pixel(40, 30), near: judged.pixel(40, 30), by: 3)
        expect(pictures[0].pixel(10, 10), near: try judge(path, ["-vf", "scale=160:120"], width: 160, height: 120).pixel(10, 10), by: 3)
    }

    /// The first picture as the `ffmpeg` program decodes it.
    private func judge(_ path: String, _ options: [String] = [], width: Int, height: Int) throws -> Picture {
        let raw = folder.file("judged.yuv")
        try Program.demand(
            "ffmpeg", ["-v", "error", "-y", "-i", path, "-frames:v", "1"] + options + ["-pix_fmt", "yuv420p", "-f", "rawvideo", raw])
        let bytes = try folder.bytes(of: "judged.yuv")
        let luma = width * height
        try #require(bytes.count == luma * 3 / 2)
        return Picture(width: width, planes: [Array(bytes[..<luma]), Array(bytes[luma..<luma * 5 / 4]), Array(bytes[(luma * 5 / 4)...])])
    }

    /// Matrices of the track header (ISO/IEC 14496-12, 8.3.2): a, b, c, d of all eight ways to lie.
    @Test(arguments: [
        [1, 0, 0, 1], [0, 1, -1, 0], [-1, 0, 0, -1], [0, -1, 1, 0], [-1, 0, 0, 1], [1, 0, 0, -1], [0, 1, 1, 0], [0, -1, -1, 0],
    ])
    func everyOrientationStandsUprightAsInFFmpeg(_ matrix: [Int]) throws {
        let quarters = ["red", "lime", "blue", "yellow"].map { "color=\($0):size=32x24:rate=25:duration=0.2" }
        let graph = "\(quarters[0])[a];\(quarters[1])[b];\(quarters[2])[c];\(quarters[3])[d];[a][b]hstack[e];[c][d]hstack[f];[e][f]vstack"
        try Clip.make(folder.file("flat.mp4"), video: graph, options: ["-crf", "2"])
        var bytes = try folder.bytes(of: "flat.mp4")
        let header = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("tkhd".utf8)) })
        for (place, value) in zip([0, 4, 12, 16], matrix) {
            let fixed = UInt32(bitPattern: Int32(value) << 16)
            for byte in 0..<4 { bytes[header + 44 + place + byte] = UInt8(truncatingIfNeeded: fixed >> (24 - byte * 8)) }
        }
        let path = try folder.write(bytes, to: "turned.mp4")
        let title = try SmallTitle(path)
        let picture = try #require(title.plan.picture)
        #expect(picture.orientation.swapsSides == (matrix[0] == 0))
        let found = try #require(try scaled(title, to: [Target(width: picture.width, height: picture.height, bitDepth: 8)]).first)
        let judged = try judge(path, width: picture.width, height: picture.height)
        for (x, y) in [(8, 8), (picture.width - 8, 8), (8, picture.height - 8), (picture.width - 8, picture.height - 8)] {
            expect(found.pixel(x, y), near: judged.pixel(x, y), by: 3)
        }
    }

    @Test func aRungNeverDependsOnItsNeighbours() throws {
        let path = try Clip.make(folder.file("busy.mkv"), video: "testsrc2=size=200x120:rate=25:duration=0.2", options: ["-c:v", "ffv1"])
        let title = try SmallTitle(path)
        let targets = [(200, 120), (100, 60), (96, 58), (50, 30), (46, 28), (24, 14)].map { Target(width: $0.0, height: $0.1, bitDepth: 8) }
        let together = try scaled(title, to: targets)
        #expect(try scaled(title, to: targets.reversed()) == together.reversed())
        for (target, picture) in zip(targets, together) { #expect(try scaled(title, to: [target]) == [picture]) }
    }

    @Test func thePictureMayChangeItsSizeInMidStream() throws {
        let parts = try [(1, "64x48"), (2, "96x72")].map { number, size in
            try Clip.make(
                folder.file("\(number).ts"), video: Self.flat(60 * number, size: size) + ",trim=end_frame=5", options: ["-crf", "2"])
        }
        try folder.write(try folder.bytes(of: "1.ts") + folder.bytes(of: "2.ts"), to: "both.ts")
        #expect(parts.count == 2)
        var title = try SmallTitle(folder.file("both.ts"), frames: 10)
        // Where two streams were joined, the packets' counters jump.
        title.plan.acceptsDamage = true
        let reader = try PictureReader(path: title.path, plan: title.plan, index: title.index)
        let scaler = PictureScaler(picture: try #require(title.plan.picture))
        var lumas: Set<Int> = []
        try reader.forEach(in: 0..<10) { _, frame, serial throws(TranscodingError) in
            try scaler.take(frame, serial: serial)
            let picture = try scaler.scaled(to: Target(width: 32, height: 24, bitDepth: 8))
            lumas.insert(Int(picture.plane(0, width: 32, height: 24)[400]) / 10 * 10)
            return true
        }
        #expect(lumas == [60, 120])
    }
}
