import Libav
import MediaModel
import Testing

struct FrameTests {
    @Test func aBlankPictureIsBlackInItsRange() throws {
        for (fullRange, luma) in [(false, 16), (true, 0)] as [(Bool, UInt8)] {
            let frame = try Frame.picture(width: 33, height: 17, fullRange: fullRange)
            #expect(frame.plane(0, width: 33, height: 17) == Array(repeating: luma, count: 33 * 17))
            #expect(frame.plane(1, width: 17, height: 9) == Array(repeating: 128, count: 17 * 9))
            #expect(frame.plane(2, width: 17, height: 9) == Array(repeating: 128, count: 17 * 9))
            #expect(frame.plane(3, width: 1, height: 1) == [])
        }
    }

    @Test func aTileIsDrawnWhereItBelongs() throws {
        let sheet = try Frame.picture(width: 32, height: 16, fullRange: false)
        let tile = try Frame.picture(width: 16, height: 8, fullRange: true)
        sheet.draw(tile, x: 16, y: 8)
        let luma = sheet.plane(0, width: 32, height: 16)
        for y in 0..<16 {
            for x in 0..<32 where luma[y * 32 + x] != (x >= 16 && y >= 8 ? 0 : 16) { Issue.record("(\(x), \(y)) is \(luma[y * 32 + x])") }
        }
    }

    @Test func aReferenceSharesThePicture() throws {
        let sheet = try Frame.picture(width: 16, height: 16, fullRange: false)
        let shared = try sheet.reference()
        sheet.clear()
        #expect(sheet.plane(0, width: 16, height: 16) == [])
        #expect(shared.plane(0, width: 16, height: 16).allSatisfy { $0 == 16 })
        #expect(throws: LibavError.self) { _ = try sheet.reference() }
    }

    @Test func timesAndColorsAreWhatWasSet() throws {
        let frame = try Frame.picture(width: 16, height: 16, fullRange: false)
        #expect(frame.presentation == nil)
        frame.setForEncoding(presentation: -3, isKey: true)
        #expect(frame.presentation == -3)
        frame.presentation = nil
        #expect(frame.presentation == nil)
        frame.setColor(.bt709)
        #expect(frame.color == .bt709)
        #expect(frame.shape.sampleAspectRatio == .one)
        #expect(frame.orientation == .upright)
        #expect(!frame.isInterlaced && !frame.isDamaged)
    }

    @Test func noMetadataOfTheSourceStays() throws {
        let graph = try FilterGraph("testsrc2=size=64x64,signalstats,metadata=mode=add:key=secret:value=48.85N,select=1", input: nil)
        let frame = try Frame()
        #expect(try graph.pull(into: frame))
        frame.dropMetadata()
        let check = try FilterGraph(
            "metadata=mode=select:key=secret", input: .video(frame.shape, color: frame.color, timeBase: Rational(1, 25), frameRate: nil))
        try check.push(frame)
        try check.finish()
        let passed = try Frame()
        #expect(try !check.pull(into: passed), "a frame that still has the key would pass")
    }

    @Test(arguments: [
        ("yuv420p", 8, false, true, false), ("yuv420p10le", 10, false, true, false), ("nv12", 8, false, false, false),
        ("rgb24", 8, true, false, false), ("gbrp", 8, true, true, false), ("rgba", 8, true, false, true),
        ("yuva420p", 8, false, true, true),
        ("pal8", 8, true, false, true), ("gray", 8, false, false, false), ("monow", 1, true, false, false),
    ])
    func pixelFormatsAreKnownByTheirFacts(_ name: String, _ bits: Int, _ isRGB: Bool, _ isPlanar: Bool, _ hasAlpha: Bool) throws {
        let format = try #require(PixelFormat(name))
        #expect(format.bitDepth == bits)
        #expect(format.isRGB == isRGB)
        #expect(format.hasAlpha == hasAlpha)
        if name != "gray" { #expect(format.isPlanar == isPlanar) }
        #expect(PixelFormat("nosuchformat") == nil)
    }
}
