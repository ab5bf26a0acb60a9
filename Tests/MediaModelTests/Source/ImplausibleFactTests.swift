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
        func expect(_ words: String, _ change: (inout SourceInfo) -> Void) {
            var source = Self.plain
            change(&source)
            let fault = source.implausibleFact ?? "plausible"
            #expect(fault.contains(words))
        }
        expect("picture says that something happens") { $0.video?.end = .largest }
        expect("lasts from 0 s") { $0.video?.end = Rational(1 << 30) }
        expect("picture says") { $0.video?.lastStart = .largest }
        expect("0 frames a second") { $0.video?.frameRate = .zero }
        expect("90000 frames a second") { $0.video?.averageFrameRate = Rational(90_000) }
        expect("pixels large") { $0.video?.width = 1 << 40 }
        expect("pixels of the shape") { $0.video?.sampleAspectRatio = Rational(1, .max) }
        expect("stream 1 has 0 samples") { $0.audio[0].sampleRate = 0 }
        expect("channels") { $0.audio[0].channels = .max }
        expect("stream 1 says") { $0.audio[0].start = -Rational.largest }
        expect("declares") { $0.declaredDuration = .largest }
    }
}
