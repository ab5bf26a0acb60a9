import MediaModel
import TestSupport
import Testing

@testable import Formats

/// What encoders really write, read back; the names agree with those that other programs give.
@Suite struct SampleDescriptionTests {
    private let grid = Grid(frameRate: Rational(25), frames: 10, gopFrames: 10, segmentFrames: 10, chunkStarts: [0])

    private func video(_ codec: [String]) throws -> SampleDescription {
        let track = try WrittenTrack.video(grid, width: 320, height: 180, codec: codec)
        return try SampleDescription.read(initSegment: track.initSegment, name: "init.mp4")
    }

    @Test func readsH264() throws {
        let description = try video(["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-level", "4.1"])
        #expect(description.codecs == "avc1.640029")
        #expect(description.kind == .video(width: 320, height: 180) && description.timescale == 25000)
    }

    @Test func readsHEVC() throws {
        let description = try video([
            "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:info=0:level-idc=3.1", "-tag:v", "hvc1",
        ])
        #expect(description.codecs == "hvc1.1.6.L93.90")
    }

    @Test func readsAV1() throws {
        let description = try video(["-c:v", "libsvtav1", "-preset", "12"])
        #expect(description.codecs.hasPrefix("av01.0.0") && description.codecs.hasSuffix("M.08"))
    }

    @Test func readsSound() throws {
        let aac = try WrittenTrack.audio(seconds: 0.5, codec: ["-c:a", "aac", "-ac", "6", "-ar", "44100"])
        let aacDescription = try SampleDescription.read(initSegment: aac.initSegment, name: "init.mp4")
        #expect(aacDescription.codecs == "mp4a.40.2" && aacDescription.kind == .audio(channels: 6, sampleRate: 44100))
        let opus = try WrittenTrack.audio(seconds: 0.5, codec: ["-c:a", "libopus", "-ac", "1"])
        let opusDescription = try SampleDescription.read(initSegment: opus.initSegment, name: "init.mp4")
        #expect(opusDescription.codecs == "Opus" && opusDescription.kind == .audio(channels: 1, sampleRate: 48000))
        #expect(opusDescription.timescale == 48000)
    }

    @Test func readsText() throws {
        let bytes = WebVTTTrack.initSegment(timescale: 30000, headerBlocks: [])
        let description = try SampleDescription.read(initSegment: bytes, name: "init.mp4")
        #expect(description.codecs == "wvtt" && description.kind == .text && description.timescale == 30000)
    }

    @Test func refusesEditsThatAreNeverWritten() throws {
        let track = try WrittenTrack.video(grid, width: 320, height: 180)
        var bytes = InitSegment.finished(track.initSegment, compositionStart: 2000)
        let reader = BoxReader(bytes, name: "init.mp4")
        let list = try #require(try reader.first("moov", "trak", "edts", "elst"))
        // media_time -1: an empty edit.
        bytes.replaceSubrange(list.payload.lowerBound + 12..<list.payload.lowerBound + 16, with: [255, 255, 255, 255])
        #expect(try fault { try SampleDescription.read(initSegment: bytes, name: "init.mp4") }.contains("edit list of 1 edits from -1"))
    }

    @Test func namesTheFileAndTheMissingBox() throws {
        #expect(
            try fault { try SampleDescription.read(initSegment: box("moov"), name: "video/360p/init.mp4") }
                == "video/360p/init.mp4: has no 'mdhd' box")
    }

    @Test func refusesCodecsThatItCannotName() throws {
        var bytes = WebVTTTrack.initSegment(timescale: 30000, headerBlocks: [])
        let place = try #require(try SampleEntry.first(in: BoxReader(bytes, name: "init.mp4"))).children.lowerBound
        bytes.replaceSubrange(place - 12..<place - 8, with: Array("stpp".utf8))
        #expect(
            try fault { try SampleDescription.read(initSegment: bytes, name: "init.mp4") }
                == "init.mp4: has a sample entry 'stpp', which is no codec known here")
    }

    /// Whatever one flipped byte does to an init segment, reading it ends in a value or in an error.
    @Test func survivesDamage() throws {
        let bytes = try WrittenTrack.video(grid, width: 320, height: 180).initSegment
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0xFF
            do {
                _ = try SampleDescription.read(initSegment: damaged, name: "init.mp4")
            } catch {
                #expect(error.code == .malformed)
            }
        }
    }
}
