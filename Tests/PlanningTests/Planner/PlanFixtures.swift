import MediaModel

@testable import Planning

/// Sources, presets and requests to plan with; every test changes the one thing that it is about.
enum Given {
    static func video(
        _ width: Int = 1920, _ height: Int = 1080, rate: Rational = Rational(30), seconds: Rational = Rational(10),
        start: Rational = .zero, pixels: Rational = .one, orientation: Orientation = .upright, format: String = "yuv420p",
        color: ColorTags = .bt709, interlaced: Bool = false, access: VideoAccess = .seekable
    ) -> VideoTrackInfo {
        VideoTrackInfo(
            stream: 0, codec: "h264", width: width, height: height, sampleAspectRatio: pixels, orientation: orientation,
            pixelFormat: format, bitDepth: 8, color: color, isInterlaced: interlaced, frameRate: rate, averageFrameRate: rate,
            hasConstantFrameRate: true, frames: Int((seconds * rate).rounded), start: start, end: start + seconds, access: access)
    }

    static func sound(
        stream: Int = 1, channels: Int = 2, language: String? = nil, label: String? = nil, isDefault: Bool = false,
        isCommentary: Bool = false, start: Rational = .zero, seconds: Rational = Rational(10)
    ) -> AudioTrackInfo {
        AudioTrackInfo(
            stream: stream, codec: "aac", sampleRate: 48000, channels: channels, layout: channels == 1 ? "mono" : "stereo",
            language: language, label: label, isDefault: isDefault, isCommentary: isCommentary, start: start, end: start + seconds)
    }

    static func source(_ video: VideoTrackInfo?, _ audio: [AudioTrackInfo] = [], damage: [String] = []) -> SourceInfo {
        SourceInfo(
            fingerprint: "5ca1ab1e", byteCount: 1_000_000, container: "mov,mp4", declaredDuration: nil, video: video, audio: audio,
            subtitles: [], damage: damage)
    }

    static func rung(
        _ name: String, _ width: Int, _ height: Int, kilobits: Int, cap: Rational? = nil, codec: VideoCodec = .h264,
        level: String? = nil, profile: String? = "high"
    ) -> Rung {
        let maxRate = kilobits * 1000
        return Rung(
            name: name, codec: codec, encoder: codec.defaultEncoder, width: width, height: height, maxFrameRate: cap,
            rateControl: .cappedCRF(crf: Rational(21), cap: RateCap(maxRate: maxRate, bufferSize: maxRate * 3 / 2)),
            speed: codec == .av1 ? "8" : "medium", profile: profile, level: level, bitDepth: 8, options: [:])
    }

    static let ladder = [
        rung("1080p", 1920, 1080, kilobits: 7800), rung("720p", 1280, 720, kilobits: 4500),
        rung("432p-high", 768, 432, kilobits: 1500, cap: Rational(30)), rung("432p", 768, 432, kilobits: 1100, cap: Rational(30)),
        rung("234p", 416, 234, kilobits: 200, cap: Rational(30)),
    ]

    static let aac = AudioFormat(codec: .aac, bitRate: 128_000)
    static let opus = AudioFormat(codec: .opus, bitRate: 96_000)

    static func preset(
        _ rungs: [Rung] = ladder, audio: [AudioFormat] = [aac], images: ImageSettings? = nil, chunk: Rational = Rational(30)
    ) -> Preset {
        Preset(
            name: "test", summary: "", segmentDuration: Rational(6), gopDuration: Rational(2), chunkDuration: chunk, rungs: rungs,
            audio: audio, images: images)
    }

    static func request(
        _ preset: Preset = preset(), trim: Trim = Trim(), crop: Crop = Crop(), tail: Tail? = nil, acceptsDamage: Bool = false,
        artwork: String? = nil,
        audio: [AudioRequest]? = nil, subtitles: [SubtitleRequest] = []
    ) -> TitleRequest {
        TitleRequest(
            id: "night-train", source: "/masters/night-train.mov", preset: preset, trim: trim, crop: crop, tail: tail,
            acceptsDamage: acceptsDamage,
            metadata: TitleMetadata(name: "Night Train", kind: .movie), artwork: artwork, audio: audio, subtitles: subtitles,
            place: "4:5")
    }

    static let libraries = [
        LibraryIdentity(name: "libavcodec", version: "59.37.100", buildID: "aa"),
        LibraryIdentity(name: "libx264", version: "164", buildID: "bb"),
    ]

    /// One packet a frame, a key frame every `keyEvery` packets, ticks of a frame.
    static func index(of video: VideoTrackInfo, keyEvery: Int) -> FrameIndex {
        let ticks = Int64(1000)
        let first = (video.start * video.frameRate * Rational(ticks)).rounded
        let packets = (0..<video.frames).map { number in
            FrameIndex.Packet(
                presentation: first + Int64(number) * ticks, decoding: first + Int64(number) * ticks, position: Int64(number),
                byteCount: 1, isKey: number % keyEvery == 0, isDiscarded: false)
        }
        return FrameIndex(timeBase: (video.frameRate * Rational(ticks)).reciprocal, packets: packets)
    }
}

/// Plans a source with a key frame at each second or so, unless told otherwise.
func plan(
    _ video: VideoTrackInfo?, _ audio: [AudioTrackInfo] = [], request: TitleRequest = Given.request(), keyEvery: Int? = nil,
    outside: [String: SourceInfo] = [:], fingerprints: [String: String] = [:], artwork: ImagePlan.Size? = nil
) throws(PlanningError) -> AssetPlan {
    let index = video.map { Given.index(of: $0, keyEvery: keyEvery ?? max(1, Int($0.frameRate.rounded))) }
    let facts = TitleFacts(
        source: Given.source(video, audio), index: index, outsideAudio: outside, fingerprints: fingerprints, artworkSize: artwork)
    return try AssetPlanner.plan(request, facts: facts, libraries: Given.libraries)
}
