import MediaModel

@testable import Packaging

/// Finished packages made by hand, for playlists that can be compared letter by letter.
enum SamplePackage {
    /// 29.97 fps, three segments: 6.006, 6.006 and 3.003 s.
    static let ticks: [Int64] = [180_180, 180_180, 90_090]

    static func segments(_ durations: [Int64], bytes: Int64) -> [SegmentFact] {
        var start: Int64 = 0
        return durations.enumerated().map { index, duration in
            defer { start += duration }
            return SegmentFact(
                number: index + 1, start: start, duration: duration, samples: 180, bytes: bytes, sha256: "00")
        }
    }

    static func video(_ name: String, width: Int, height: Int, average: Int, codec: VideoCodec = .h264, codecs: String = "avc1.64001f")
        -> VideoRendition
    {
        VideoRendition(
            name: name, codec: codec, codecs: codecs, width: width, height: height, frameRate: Rational(30000, 1001),
            frames: 450, bitRate: nil, maxRate: average * 2, bandwidth: average * 3 / 2, averageBandwidth: average,
            path: "video/\(name)", timescale: 30000, segments: segments(ticks, bytes: Int64(average) * 6 / 8))
    }

    static func audio(
        _ name: String, codec: AudioCodec = .aac, language: String = "en", label: String = "English",
        role: AudioRole = .main, isDefault: Bool = false, channels: Int = 2, bitRate: Int = 128_000
    ) -> AudioRendition {
        AudioRendition(
            name: name, codec: codec, codecs: codec == .aac ? "mp4a.40.2" : "Opus", language: language, label: label,
            role: role, isDefault: isDefault, channels: channels, sampleRate: 48000, bitRate: bitRate,
            bandwidth: bitRate + 2000, averageBandwidth: bitRate + 1000, path: "audio/\(name)", timescale: 48000,
            segments: segments([288_768, 287_744, 144_144], bytes: Int64(bitRate) * 6 / 8))
    }

    static func text(_ name: String, language: String, label: String, role: TextRole) -> TextRendition {
        TextRendition(
            name: name, language: language, label: label, role: role, path: "text/\(name)", timescale: 30000,
            segments: segments(ticks, bytes: 100))
    }

    static func package(_ renditions: [VideoRendition], audio: [AudioRendition], text: [TextRendition] = []) -> AssetPackage {
        AssetPackage(
            id: "night-train", version: "0123456789abcdef", duration: Rational(15015, 1000),
            source: PackageSource(sha256: "beef", bytes: 1000),
            video: renditions.isEmpty
                ? nil
                : PackageVideo(
                    frameRate: Rational(30000, 1001), frames: 450, gopFrames: 60, segmentFrames: 180, chunks: 1,
                    color: .bt709),
            renditions: renditions, audio: audio, text: text, images: [], provenance: SamplePlan.provenance, warnings: [],
            files: text.flatMap { track in
                track.segments.map {
                    PackageFile(
                        path: "\(track.path)/\(SegmentFact.stem($0.number)).m4s", bytes: 150, sha256: "00",
                        contentType: "video/iso.segment")
                }
            })
    }

    static let ladder = [
        video("1080p", width: 1920, height: 1080, average: 6_000_000),
        video("540p", width: 960, height: 540, average: 2_100_000),
        video("234p", width: 416, height: 234, average: 145_000),
    ]
}
