import Foundation
import MediaModel
import Testing

struct AssetPackageTests {
    /// Every field filled, so that a coding key that is forgotten shows.
    private let package = AssetPackage(
        id: "night-train", version: "0123456789abcdef", duration: Rational(1001, 30),
        source: PackageSource(sha256: "aa", bytes: 5_000_000_000),
        video: PackageVideo(frameRate: Rational(30000, 1001), frames: 1000, gopFrames: 60, segmentFrames: 180, chunks: 3, color: .bt709),
        renditions: [
            VideoRendition(
                name: "1080p", codec: .h264, codecs: "avc1.640029", width: 1920, height: 1080, frameRate: Rational(30000, 1001),
                frames: 1000,
                bitRate: nil, maxRate: 6_000_000, bandwidth: 5, averageBandwidth: 4,
                buffer: RateBufferReport(size: 9, lowestFullness: -1, underflows: 2, peakRate: 7), path: "video/1080p", timescale: 30000,
                segments: [SegmentFact(number: 1, start: 0, duration: 180_180, samples: 180, bytes: 77, sha256: "bb")])
        ],
        audio: [
            AudioRendition(
                name: "en-aac", codec: .aac, codecs: "mp4a.40.2", language: "en", label: "English", role: .main, isDefault: true,
                channels: 2,
                sampleRate: 48000, bitRate: 128_000, bandwidth: 3, averageBandwidth: 2, path: "audio/en-aac", timescale: 48000, segments: []
            )
        ],
        text: [
            TextRendition(name: "fr", language: "fr", label: "Français", role: .captions, path: "text/fr", timescale: 30000, segments: [])
        ],
        images: [PackageImage(kind: .spriteMap, path: "images/sprite.vtt", width: 0, height: 0)],
        provenance: Provenance(
            reelmill: "1", preset: "h264-standard", libraries: [LibraryIdentity(name: "libavcodec", version: "59", buildID: "cc")]),
        warnings: ["w"], files: [PackageFile(path: "index.m3u8", bytes: 1, sha256: "dd", contentType: "application/vnd.apple.mpegurl")])

    @Test func readsBackAsItWasWritten() throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        #expect(package.formatVersion == AssetPackage.currentFormat)
        let text = try encoder.encode(package)
        var read = try JSONDecoder().decode(AssetPackage.self, from: JSONEncoder().encode(package))
        #expect(read.provenance.reelmill == "", "another release shall write the same bytes")
        read.provenance.reelmill = package.provenance.reelmill
        #expect(read == package)
        #expect(String(decoding: text, as: UTF8.self).contains(#""frame_rate":"30000\/1001""#))
        #expect(String(decoding: text, as: UTF8.self).contains(#""kind":"sprite_map""#))
    }
}
