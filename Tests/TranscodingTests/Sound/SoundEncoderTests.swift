import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Transcoding

/// Sounds whose beeps stand at known times, encoded and decoded again by the `ffmpeg` program.
@Suite struct SoundEncoderTests {
    private static let rate = 48000
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A tone of half of full scale that sounds only in `spans`.
    private static func beeps(_ spans: [(Double, Double)], seconds: Double, hertz: Int = 1000) -> String {
        let gate = spans.map { "between(t,\($0.0),\($0.1))" }.joined(separator: "+")
        return "aevalsrc='0.5*sin(2*PI*\(hertz)*t)*(\(gate))':sample_rate=\(rate):duration=\(seconds)"
    }

    /// A film of `seconds` with one sound, or several sources for one.
    private func film(
        _ name: String, seconds: Double, sound: String, filters: [String] = [], coding: [String] = ["-c:a", "pcm_s16le"]
    ) throws -> String {
        try Clip.make(
            folder.file(name), video: "color=gray:size=32x24:rate=25:duration=\(seconds)",
            audio: ([sound] + filters).joined(separator: ","),
            options: coding)
    }

    /// One channel at 48 kHz, printed by its length alone.
    private struct Signal: CustomTestStringConvertible {
        var samples: [Float]
        var testDescription: String { "\(samples.count) samples" }

        /// When it first goes over an eighth of full scale after `from`, in seconds.
        func onset(after from: Double = 0) -> Double? {
            samples.indices.dropFirst(Int(from * Double(rate))).first { abs(samples[$0]) > 0.125 }.map { Double($0) / Double(rate) }
        }

        /// Root mean square.
        func level(_ from: Double, _ to: Double) -> Float {
            let part = samples[Int(from * Double(rate))..<min(samples.count, Int(to * Double(rate)))]
            return (part.reduce(0) { $0 + $1 * $1 } / Float(max(part.count, 1))).squareRoot()
        }

        var peak: Float { samples.reduce(0) { max($0, abs($1)) } }
    }

    private struct Encoded {
        var record: MediaRecord
        var folder: String
        var joined: String
    }

    private func encode(_ title: SmallTitle, _ sound: AudioPlan, path: String? = nil) throws -> Encoded {
        let output = folder.file("sound-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        let record = try SoundEncoder.run(sound, path: path ?? title.path, plan: title.plan, folder: output, dressing: SmallTitle.bare)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(output)/init.mp4"))
        for segment in record.segments {
            bytes += try Data(contentsOf: URL(fileURLWithPath: "\(output)/\(SegmentFact.stem(segment.number)).m4s"))
        }
        let joined = "\(output)/joined.mp4"
        try bytes.write(to: URL(fileURLWithPath: joined))
        #expect(try Judge.complaints(joined) == "")
        return Encoded(record: record, folder: output, joined: joined)
    }

    /// What ffmpeg decodes, by channel, -1 to 1.
    private func decoded(_ encoded: Encoded, channels: Int = 2) throws -> [Signal] {
        let raw = folder.file("decoded-\(UUID().uuidString).f32")
        try Program.demand("ffmpeg", ["-v", "error", "-i", encoded.joined, "-f", "f32le", "-c:a", "pcm_f32le", raw])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: raw))
        let samples = stride(from: 0, to: bytes.count - 3, by: 4).map { place in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[bytes.startIndex + place + $1]) << (8 * UInt32($1)) })
        }
        return (0..<channels).map { channel in Signal(samples: stride(from: channel, to: samples.count, by: channels).map { samples[$0] }) }
    }

    @Test(arguments: AudioCodec.allCases)
    func aBeepIsWhereItWas(_ codec: AudioCodec) throws {
        let path = try film("beep.mov", seconds: 5, sound: Self.beeps([(0, 0.05), (2, 2.05), (4.8, 4.85)], seconds: 5))
        let title = try SmallTitle(path, gop: 25, segment: 50)
        let signal = try decoded(try encode(title, SmallTitle.sound(codec, stream: 1)))[0]
        for time in [2, 4.8] {
            let found = try #require(signal.onset(after: time - 0.5))
            #expect(abs(found - time) < 0.001, "\(time) came at \(found)")
        }
        // AAC's dropped priming costs the first frame its overlap, not its place.
        #expect(try #require(signal.onset()) < 0.012)
    }

    @Test(arguments: AudioCodec.allCases)
    func itLastsExactlyAsLongAsThePictureAndIsCutWithIt(_ codec: AudioCodec) throws {
        let path = try film("long.mov", seconds: 5, sound: Self.beeps([(0, 9)], seconds: 7))
        let title = try SmallTitle(path, frames: 113, gop: 25, segment: 25)
        let encoded = try encode(title, SmallTitle.sound(codec, stream: 1))
        let (record, grid) = (encoded.record, title.plan.grid)
        #expect(record.timescale == 48000)
        #expect(record.segments.count == grid.segmentCount)
        #expect(record.segments.map(\.number) == Array(1...grid.segmentCount))
        #expect(record.segments.first?.start == 0)
        for (segment, next) in zip(record.segments, record.segments.dropFirst()) { #expect(segment.start + segment.duration == next.start) }
        for (number, segment) in record.segments.enumerated() {
            let end = (grid.time(ofFrame: grid.frames(ofSegment: number).upperBound) * Rational(48000)).rounded
            #expect(abs(segment.start + segment.duration - end) <= Int64(codec.frameSamples))
        }
        #expect(record.segments.map(\.duration).reduce(0, +) == 113 * 1920)
        // Opus sounds by its pre-skip later than its packets, and ends by as much earlier.
        #expect(try decoded(encoded)[0].samples.count >= 113 * 1920 - 312)
    }

    @Test func aRestOfOneFastFrameHasItsSoundToo() throws {
        // 8.3 ms at 120 frames per second, less than half of what a packet holds, wherever the boundary falls in it.
        let path = try film("fast.mov", seconds: 2, sound: Self.beeps([(0, 2)], seconds: 2))
        for segment in [61, 62, 63, 64, 65, 66] {
            let title = try SmallTitle(path, frames: segment * 2 + 1, frameRate: Rational(120), gop: segment, segment: segment)
            let record = try encode(title, SmallTitle.sound(stream: 1)).record
            #expect(record.segments.count == title.plan.grid.segmentCount, "\(segment)")
            #expect(record.segments.allSatisfy { $0.samples > 0 })
        }
    }

    @Test func aTrackThatBeginsLateAndEndsEarlyIsFilledWithSilence() throws {
        let sound = try Clip.make(
            folder.file("part.wav"), video: nil, audio: Self.beeps([(0, 9)], seconds: 1.5), options: ["-c:a", "pcm_s16le"])
        let picture = try Clip.make(folder.file("picture.mp4"), video: "color=gray:size=32x24:rate=25:duration=4")
        let path = folder.file("late.mov")
        try Program.demand(
            "ffmpeg", ["-v", "error", "-i", picture, "-itsoffset", "1", "-i", sound, "-map", "0", "-map", "1", "-c", "copy", path])
        let title = try SmallTitle(path, gop: 25, segment: 50)
        let signal = try decoded(try encode(title, SmallTitle.sound(stream: 1)))[0]
        #expect(abs(try #require(signal.onset()) - 1) < 0.001)
        #expect(signal.level(0, 0.9) < 0.001)
        #expect(signal.level(1.1, 2.4) > 0.2)
        #expect(signal.level(2.6, 4) < 0.001)
    }

    @Test func aSoundThatBeginsEarlyIsCut() throws {
        let path = try film("early.mov", seconds: 4, sound: Self.beeps([(2, 2.05)], seconds: 4))
        // The title begins 1.5 s into the film.
        let title = try SmallTitle(path, frames: 50, origin: Rational(3, 2))
        let signal = try decoded(try encode(title, SmallTitle.sound(stream: 1)))[0]
        #expect(abs(try #require(signal.onset()) - 0.5) < 0.001)
    }

    @Test(arguments: [0.5, 0.06])
    func afterAHoleInTheTimesSoundIsStillInPlace(_ hole: Double) throws {
        // As if packets were lost: what follows keeps its time.
        let path = try film(
            "hole.mkv", seconds: 4, sound: Self.beeps([(3, 3.05)], seconds: 4), filters: ["aselect='not(between(t,1,\(1 + hole)))'"])
        let title = try SmallTitle(path, gop: 25, segment: 50)
        let found = try #require(decoded(try encode(title, SmallTitle.sound(stream: 1)))[0].onset(after: 2))
        // Less than a frame of 50 per second.
        #expect(abs(found - 3) < 0.02, "\(found)")
    }

    @Test func theCentreOfASurroundMixComesOutOfBothSpeakers() throws {
        let path = try film(
            "surround.mkv", seconds: 2, sound: Self.beeps([(0.5, 2)], seconds: 2), filters: ["pan=5.1|FC=c0"], coding: ["-c:a", "flac"])
        let title = try SmallTitle(path)
        #expect(title.plan.source.audio.first?.channels == 6)
        let both = try decoded(try encode(title, SmallTitle.sound(stream: 1)))
        let (left, right) = (both[0].level(0.7, 1.9), both[1].level(0.7, 1.9))
        #expect(left > 0.05)
        #expect(abs(left / right - 1) < 0.02)
    }

    @Test func aSideStaysOnItsSideAndNothingClips() throws {
        // Full scale in all six channels at once.
        let full = "aevalsrc='0.98*sin(2*PI*500*t)':sample_rate=48000:duration=2"
        let loud = try film(
            "loud.mkv", seconds: 2, sound: full, filters: ["pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0"], coding: ["-c:a", "flac"])
        let mixed = try decoded(try encode(try SmallTitle(loud), SmallTitle.sound(stream: 1)))
        let peak = max(mixed[0].peak, mixed[1].peak)
        #expect(peak <= 1 && peak > 0.8, "\(peak)")
        let left = try film("left.mkv", seconds: 2, sound: full, filters: ["pan=5.1|FL=c0"], coding: ["-c:a", "flac"])
        let sides = try decoded(try encode(try SmallTitle(left), SmallTitle.sound(stream: 1)))
        #expect(sides[0].level(0.5, 1.5) > 0.2)
        #expect(sides[1].level(0.5, 1.5) < 0.01)
    }

    @Test(arguments: [44100, 8000])
    func monoOfAnyRateBecomesStereo(_ rate: Int) throws {
        let path = try film("mono.mov", seconds: 3, sound: Self.beeps([(2, 3)], seconds: 3, hertz: 400), filters: ["aresample=\(rate)"])
        let both = try decoded(try encode(try SmallTitle(path), SmallTitle.sound(.opus, stream: 1)))
        #expect(abs(both[0].level(2.1, 2.9) / both[1].level(2.1, 2.9) - 1) < 0.01)
        #expect(abs(try #require(both[1].onset()) - 2) < 0.002)
    }

    @Test func theLayoutMayChangeInMidStream() throws {
        // Stereo adverts in a film of another layout: each keeps its sound and its place.
        let parts = try [(1, "stereo", 440), (2, "mono", 880)].map { number, layout, hertz in
            try Clip.make(
                folder.file("\(number).ts"), video: nil, audio: Self.beeps([(0.5, 0.6)], seconds: 2, hertz: hertz),
                options: ["-ac", layout == "mono" ? "1" : "2", "-c:a", "mp2", "-output_ts_offset", "\((number - 1) * 2)"])
        }
        #expect(parts.count == 2)
        try folder.write(try folder.bytes(of: "1.ts") + folder.bytes(of: "2.ts"), to: "both.ts")
        var title = try SmallTitle(folder.file("both.ts"), frames: 100, origin: nil)
        title.plan.origin = try #require(title.plan.source.audio.first?.start)
        // Where two streams were joined, the packets' counters jump.
        title.plan.acceptsDamage = true
        let signal = try decoded(try encode(title, SmallTitle.sound(stream: title.plan.source.audio[0].stream)))[0]
        #expect(abs(try #require(signal.onset()) - 0.5) < 0.03)
        #expect(abs(try #require(signal.onset(after: 1.5)) - 2.5) < 0.06)
    }

    @Test func anOutsideFileStartsWithTheSourcesPicture() throws {
        // A transport stream's clock does not begin at 0; the file's does.
        let picture = try Clip.make(folder.file("picture.ts"), video: "color=gray:size=32x24:rate=25:duration=3")
        let sound = try Clip.make(
            folder.file("dub.wav"), video: nil, audio: Self.beeps([(2, 2.1)], seconds: 3), options: ["-c:a", "pcm_s16le"])
        var title = try SmallTitle(picture)
        #expect(title.plan.origin > Rational(1))
        let plan = SmallTitle.sound(file: ContentHash("d0b"))
        #expect(abs(try #require(decoded(try encode(title, plan, path: sound))[0].onset()) - 2) < 0.001)
        // Trimmed by a second, so is the file.
        title.plan.origin = title.plan.origin + Rational(1)
        title.plan.grid.frames = 50
        #expect(abs(try #require(decoded(try encode(title, plan, path: sound))[0].onset()) - 1) < 0.001)
    }

    @Test func damageFailsUnlessItIsAccepted() throws {
        let path = try film("broken.mkv", seconds: 3, sound: Self.beeps([(0, 3)], seconds: 3), coding: ["-c:a", "flac", "-g", "1"])
        let title = try SmallTitle(path)
        var bytes = try folder.bytes(of: "broken.mkv")
        for place in stride(from: bytes.count / 2, to: bytes.count * 3 / 4, by: 301) { bytes[place] ^= 0xFF }
        try folder.write(bytes, to: "broken.mkv")
        let error = #expect(throws: TranscodingError.self) { try encode(title, SmallTitle.sound(stream: 1)) }
        #expect(error?.code == .damaged)
        #expect(error?.description.contains("damage: accept") == true)
        var tolerant = title
        tolerant.plan.acceptsDamage = true
        let encoded = try encode(tolerant, SmallTitle.sound(stream: 1))
        #expect(!encoded.record.warnings.isEmpty)
        #expect(encoded.record.segments.map(\.duration).reduce(0, +) == Int64(title.plan.grid.frames) * 1920)
    }

    @Test func aCallerCanStop() throws {
        let title = try SmallTitle(try film("film.mov", seconds: 2, sound: Self.beeps([(0, 2)], seconds: 2)))
        let output = folder.file("stopped")
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        let error = #expect(throws: TranscodingError.self) {
            _ = try SoundEncoder.run(
                SmallTitle.sound(stream: 1), path: title.path, plan: title.plan, folder: output, dressing: SmallTitle.bare,
                onFrame: { false })
        }
        #expect(error?.code == .interrupted)
    }
}
