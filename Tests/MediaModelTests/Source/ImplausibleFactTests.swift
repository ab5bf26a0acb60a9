import MediaModel
import Testing

/// Numbers that no film has are refused by name before anything is worked out from them.
@Suite struct ImplausibleFactTests {
    private static let plain = SourceInfo(
        fingerprint: "", byteCount: 1, container: "mov", declaredDuration: Rational(10),
        video: VideoTrackInfo(
            stream: 0, codec: "h264", width: 640, height: 360, sampleAspectRatio: .one, orientation: .upright, pixelFormat: "yuv420p",
            bitDepth: 8, color: .bt709, isInterlaced: false, frameRate: Rational(25), averageFrameRate: Rational(25),
            hasConstantFrameRate: true, frames: 250, start: .zero, end: Rational(10), access: .seekable),
        audio: [
            AudioTrackInfo(
                stream: 1, codec: "aac", sampleRate: 48000, channels: 2, layout: "stereo", language: nil, label: nil, isDefault: true,
                isCommentary: false, start: .zero, end: Rational(10))
        ],
        subtitles: [], damage: [])

    @Test func whatRecordersWritePasses() {
        #expect(Self.plain.implausibleFact == nil)
        var epoch = Self.plain
        epoch.video?.start = Rational(1_732_000_000)
        epoch.video?.end = Rational(1_732_086_400)
        #expect(epoch.implausibleFact == nil)
        var still = Self.plain
        still.video?.frameRate = Rational(1, 600)
        still.video?.averageFrameRate = Rational(1, 600)
        #expect(still.implausibleFact == nil)
    }

    @Test func whatNothingCanBeIsNamed() {
        func fault(_ change: (inout SourceInfo) -> Void) -> String {
            var source = Self.plain
            change(&source)
            return source.implausibleFact ?? "plausible"
        }
        #expect(fault { $0.video?.end = .largest }.contains("picture says that something happens"))
        #expect(fault { $0.video?.end = Rational(1 << 30) }.contains("lasts from 0 s"))
        #expect(fault { $0.video?.lastStart = .largest }.contains("picture says"))
        #expect(fault { $0.video?.frameRate = .zero }.contains("0 frames a second"))
        #expect(fault { $0.video?.averageFrameRate = Rational(90_000) }.contains("90000 frames a second"))
        #expect(fault { $0.video?.width = 1 << 40 }.contains("pixels large"))
        #expect(fault { $0.video?.sampleAspectRatio = Rational(1, .max) }.contains("pixels of the shape"))
        #expect(fault { $0.audio[0].sampleRate = 0 }.contains("stream 1 has 0 samples"))
        #expect(fault { $0.audio[0].channels = .max }.contains("channels"))
        #expect(fault { $0.audio[0].start = -Rational.largest }.contains("stream 1 says"))
        #expect(fault { $0.declaredDuration = .largest }.contains("declares"))
    }
}
