import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Transcoding

/// Each channel of a surround mix by itself, mixed down, encoded and measured by the `ffmpeg` program.
@Suite struct MixdownTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let centre = 0.5.squareRoot()

    /// What ITU-R BS.775 makes of a layout's channels, in their order: left and right.
    private static let layouts: [(layout: String, gains: [(Double, Double)])] = [
        ("5.1", [(1, 0), (0, 1), (centre, centre), (0, 0), (centre, 0), (0, centre)]),
        ("5.1(side)", [(1, 0), (0, 1), (centre, centre), (0, 0), (centre, 0), (0, centre)]),
        ("7.1", [(1, 0), (0, 1), (centre, centre), (0, 0), (centre, 0), (0, centre), (centre, 0), (0, centre)]),
        ("4.0", [(1, 0), (0, 1), (centre, centre), (0.5, 0.5)]),
        ("quad", [(1, 0), (0, 1), (centre, 0), (0, centre)]),
        ("3.0", [(1, 0), (0, 1), (centre, centre)]),
    ]

    /// Peaks of left and right for a film whose channels sound one after the other, a quarter of a second each.
    private func peaks(_ layout: String, channels: Int, level: Double = 0.25, gain: Rational = .zero) throws -> [(Double, Double)] {
        let tones = (0..<channels).map { "\(level)*sin(2*PI*1000*t)*between(t,\(Double($0) / 4),\(Double($0 + 1) / 4))" }
        let path = try Clip.make(
            folder.file("film.mkv"), video: "color=gray:size=32x24:rate=25:duration=\(Double(channels) / 4)",
            audio: "aevalsrc='\(tones.joined(separator: "|"))':c=\(layout):s=48000:d=\(Double(channels) / 4)", options: ["-c:a", "flac"])
        let title = try SmallTitle(path)
        var sound = SmallTitle.sound(stream: 1)
        sound.mixdownGain = gain
        sound.format.bitRate = 256_000
        let output = folder.file("audio")
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        let record = try SoundEncoder.run(sound, path: path, plan: title.plan, folder: output, dressing: SmallTitle.bare)
        var bytes = try folder.bytes(of: "audio/init.mp4")
        for segment in record.segments { bytes += try folder.bytes(of: "audio/\(SegmentFact.stem(segment.number)).m4s") }
        try folder.write(bytes, to: "audio/joined.mp4")
        try Program.demand("ffmpeg", ["-v", "error", "-y", "-i", "\(output)/joined.mp4", "-f", "f32le", folder.file("decoded.f32")])
        let decoded = try folder.bytes(of: "decoded.f32")
        let samples = stride(from: 0, to: decoded.count - 3, by: 4).map { place in
            Double(Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(decoded[place + $1]) << (8 * UInt32($1)) }))
        }
        try FileManager.default.removeItem(atPath: output)
        return (0..<channels).map { channel in
            // The middle of its quarter, away from where the coder spreads the edges.
            let range = (channel * 12000 + 4000..<channel * 12000 + 9000)
            func peak(_ side: Int) -> Double { range.map { abs(samples[$0 * 2 + side]) }.max() ?? 0 }
            return (peak(0), peak(1))
        }
    }

    @Test func eachChannelHasItsLevel() throws {
        for (layout, gains) in Self.layouts {
            let found = try peaks(layout, channels: gains.count)
            for (channel, (peak, gain)) in zip(found, gains).enumerated() {
                #expect(abs(peak.0 / 0.25 - gain.0) < 0.05, "\(layout), channel \(channel), left: \(peak.0 / 0.25)")
                #expect(abs(peak.1 / 0.25 - gain.1) < 0.05, "\(layout), channel \(channel), right: \(peak.1 / 0.25)")
            }
        }
    }

    @Test func aTitleChoosesTheLevel() throws {
        let found = try peaks("5.1", channels: 6, gain: Rational(-6))
        #expect(abs(found[0].0 / 0.25 - 0.501) < 0.03 && abs(found[2].0 / 0.25 - 0.354) < 0.03, "\(found)")
        let loud = try peaks("5.1", channels: 6, gain: Rational(6))
        #expect(abs(loud[0].0 / 0.25 - 1.995) < 0.1)
    }

    @Test func whatIsStereoKeepsItsLevelWhateverTheGain() throws {
        let found = try peaks("stereo", channels: 2, gain: Rational(-12))
        #expect(abs(found[0].0 / 0.25 - 1) < 0.05 && abs(found[1].1 / 0.25 - 1) < 0.05)
    }
}
