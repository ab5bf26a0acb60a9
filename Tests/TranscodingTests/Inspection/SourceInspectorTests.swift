import MediaModel
import TestSupport
import Testing

@testable import Transcoding

/// Facts of small files that the `ffmpeg` program made.
@Suite struct SourceInspectorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let bars = "testsrc2=size=96x64:rate=30000/1001:duration=2"
    private static let tone = "sine=frequency=440:sample_rate=48000:duration=2"

    private func facts(_ path: String) throws -> SourceInfo {
        try SourceInspector.inspect(path: path, fingerprint: Fingerprint.ofFile(at: path)).source
    }

    @Test(arguments: ["mp4", "mkv", "ts", "mov"])
    func everyContainerTellsTheSameOfItsPicture(_ container: String) throws {
        let path = try Clip.make(folder.file("a.\(container)"), video: Self.bars, audio: Self.tone, options: ["-bf", "2", "-g", "12"])
        let source = try facts(path)
        let video = try #require(source.video)
        #expect(video.codec == "h264")
        #expect([video.width, video.height] == [96, 64])
        #expect(video.frameRate == Rational(30000, 1001))
        #expect(video.hasConstantFrameRate)
        #expect(video.frames == 60)
        #expect(video.access == .seekable)
        #expect(video.pixelFormat == "yuv420p" && video.bitDepth == 8)
        #expect(video.orientation == .upright)
        #expect(!video.isInterlaced)
        #expect(abs((video.end - video.start).approximate - 2.002) < 0.002)
        #expect(source.damage.isEmpty)
        #expect(source.byteCount == Int64(try folder.bytes(of: "a.\(container)").count))
        let sound = try #require(source.audio.first)
        #expect(sound.codec == "aac" && sound.sampleRate == 48000 && sound.layout == "mono")
        #expect(abs((sound.start - video.start).approximate) < 0.03)
        #expect(abs((sound.end - sound.start).approximate - 2) < 0.06)
    }

    @Test(arguments: [90, 180, 270])
    func rotation(_ degrees: Int) throws {
        let path = try Clip.make(folder.file("plain.mp4"), video: Self.bars)
        let turned = folder.file("turned.mov")
        // ffmpeg counts against the clock; that pictures stand upright is held against it in PictureScalerTests.
        try Program.demand("ffmpeg", ["-v", "error", "-i", path, "-c", "copy", "-metadata:s:v", "rotate=\(degrees)", turned])
        let video = try #require(try facts(turned).video)
        #expect(video.orientation == Orientation(mirrored: false, clockwise: 360 - degrees))
        #expect([video.width, video.height] == [96, 64])
    }

    @Test(arguments: ["mp4", "ts"])
    func sampleAspectRatioAndColour(_ container: String) throws {
        let path = try Clip.make(
            folder.file("wide.\(container)"), video: "\(Self.bars),setsar=4/3",
            options: ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "pc"])
        let video = try #require(try facts(path).video)
        #expect(video.sampleAspectRatio == Rational(4, 3))
        #expect(video.color == ColorTags(primaries: 1, transfer: 1, matrix: 1, isFullRange: true))
    }

    @Test func twoSoundsAndASubtitleWithTheirLanguages() throws {
        try folder.write("1\n00:00:00,500 --> 00:00:01,500\nHello\n", to: "a.srt")
        let path = folder.file("many.mkv")
        try Program.demand(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", Self.bars, "-f", "lavfi", "-i", Self.tone, "-f", "lavfi", "-i",
                "\(Self.tone),aformat=channel_layouts=5.1",
                "-i", folder.file("a.srt"), "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:v", "libx264", "-preset", "ultrafast",
                "-c:a", "aac",
                "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fre", "-metadata:s:a:1", "title=Commentaire",
                "-disposition:a:1",
                "comment", "-metadata:s:s:0", "language=ger", "-disposition:s:0", "forced", path,
            ])
        let source = try facts(path)
        #expect(source.audio.map(\.language) == ["eng", "fre"])
        #expect(source.audio.map(\.stream) == [1, 2])
        #expect(source.audio.map(\.channels) == [1, 6])
        #expect(source.audio.map(\.isCommentary) == [false, true])
        #expect(source.audio[1].label == "Commentaire")
        #expect(source.subtitles.count == 1)
        #expect(source.subtitles.first?.language == "ger")
        #expect(source.subtitles.first?.isForced == true)
    }

    @Test func interlacedTenBit() throws {
        let path = try Clip.make(
            folder.file("fields.mkv"), video: "testsrc2=size=96x64:rate=50:duration=1,format=yuv422p10le,tinterlace=mode=interleave_bottom",
            options: ["-pix_fmt", "yuv422p10le", "-flags", "+ilme+ildct", "-x264-params", "bff=1"])
        let video = try #require(try facts(path).video)
        #expect(video.isInterlaced)
        #expect(video.frameRate == Rational(25))
        #expect(video.pixelFormat == "yuv422p10le" && video.bitDepth == 10)
        #expect(video.frames == 25)
    }

    @Test func coverArtIsNoFilm() throws {
        let sound = try Clip.make(folder.file("song.m4a"), video: nil, audio: Self.tone)
        let cover = folder.file("cover.png")
        try Program.demand("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=200x200", "-frames:v", "1", cover])
        let path = folder.file("covered.m4a")
        try Program.demand(
            "ffmpeg",
            [
                "-v", "error", "-i", sound, "-i", cover, "-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0", "attached_pic", path,
            ])
        let findings = try SourceInspector.inspect(path: path, fingerprint: Fingerprint.ofFile(at: path))
        #expect(findings.source.video == nil)
        #expect(findings.index == nil)
        #expect(findings.source.audio.count == 1)
        #expect(findings.source.damage.isEmpty)
    }

    @Test func theDefaultPictureIsTakenElseTheLargest() throws {
        let path = folder.file("two.mkv")
        func write(_ disposition: [String]) throws {
            try Program.demand(
                "ffmpeg",
                [
                    "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=1", "-f", "lavfi", "-i",
                    "testsrc2=size=96x64:rate=25:duration=1", "-map", "0", "-map", "1", "-c:v", "libx264", "-preset", "ultrafast",
                ] + disposition + [path])
        }
        try write(["-disposition:v:0", "default", "-disposition:v:1", "0"])
        #expect(try facts(path).video?.width == 64)
        try write(["-disposition:v:0", "0", "-disposition:v:1", "0"])
        #expect(try facts(path).video?.width == 96)
    }

    @Test(arguments: ["mp4", "mkv"])
    func aFileCutShortIsDamaged(_ container: String) throws {
        let path = try Clip.make(
            folder.file("whole.\(container)"), video: "testsrc2=size=96x64:rate=25:duration=8", audio: "sine=duration=8",
            options: container == "mp4" ? ["-movflags", "+faststart"] : [])
        #expect(try facts(path).damage.isEmpty)
        let bytes = try folder.bytes(of: "whole.\(container)")
        let source = try facts(try folder.write(bytes.prefix(bytes.count * 6 / 10), to: "cut.\(container)"))
        #expect(!source.damage.isEmpty)
        #expect(source.damage.contains { $0.contains("cut short") }, "\(source.damage)")
        #expect((source.video?.frames ?? 0) < 160)
    }

    @Test func textIsNoMedia() throws {
        let path = try folder.write("Dear team,\nthe film follows tomorrow.\n", to: "film.mp4")
        let error = #expect(throws: TranscodingError.self) { try facts(path) }
        #expect(error?.code == .unreadable)
        #expect(error?.description.contains(path) == true)
    }

    @Test func anEmptyOrMissingFileIsNamed() throws {
        let empty = try folder.write("", to: "empty.mov")
        #expect(throws: TranscodingError.self) { try facts(empty) }
        let error = #expect(throws: TranscodingError.self) { try facts(folder.file("missing.mov")) }
        #expect(error?.code == .unreadable)
        #expect(error?.description.contains("missing.mov") == true)
    }

    @Test func soundAlone() throws {
        let source = try facts(try Clip.make(folder.file("talk.wav"), video: nil, audio: Self.tone, options: ["-c:a", "pcm_s16le"]))
        #expect(source.video == nil)
        #expect(source.audio.first?.codec == "pcm_s16le")
        #expect(source.audio.first?.end == Rational(2))
    }

    @Test func anEncryptedFileIsRefused() throws {
        let clear = try Clip.make(folder.file("clear.mp4"), video: Self.bars)
        let locked = folder.file("locked.mp4")
        try Program.demand(
            "ffmpeg",
            [
                "-v", "error", "-i", clear, "-c", "copy", "-encryption_scheme", "cenc-aes-ctr", "-encryption_key",
                "76a6c65c5ea762046bd749a2e632ccbb", "-encryption_kid", "a7e61c373e219033c21091fa607bf3b8", locked,
            ])
        let error = #expect(throws: TranscodingError.self) { try facts(locked) }
        #expect(error?.code == .encrypted)
    }

    @Test func theLastPictureOfAVariableTitleLastsAsStated() throws {
        // Shown at 0, 40, 80 … and the last one for 1.2 s; with B-frames the packet stored last is not the one shown last.
        let path = folder.file("slides.mkv")
        try Clip.make(
            path, video: "testsrc2=size=64x48:rate=25:duration=2,select='lt(n,12)+eq(n,30)+eq(n,40)'",
            options: ["-fps_mode", "vfr", "-bf", "2", "-x264-params", "b-adapt=0"])
        let video = try #require(try facts(path).video)
        #expect(!video.hasConstantFrameRate)
        #expect(video.frames == 14)
        #expect(abs((video.end - video.start).approximate - 1.64) < 0.05)
    }
}
