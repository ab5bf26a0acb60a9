import Formats
import MediaModel
import TestSupport
import Testing

@testable import Packaging

@Suite struct TextConversionTests {
    let folder: TemporaryFolder
    private let grid = SamplePlan.grid

    init() throws { folder = try TemporaryFolder() }

    private func convert(_ text: String, name: String = "en.srt", trimStart: Rational = .zero) throws -> MediaRecord {
        try TextConversion.run(
            plan(name), path: try folder.write(text, to: name), label: name, trimStart: trimStart, grid: grid, into: folder.file("out"))
    }

    private func plan(_ name: String) -> TextPlan {
        TextPlan(
            name: "1-en", file: ContentHash("f00d"), language: "en", label: "English", role: .subtitle,
            isNamedWebVTT: name.hasSuffix(".vtt"))
    }

    private func segment(_ number: Int) throws -> String {
        String(decoding: try folder.bytes(of: "out/\(SegmentFact.stem(number)).vtt"), as: UTF8.self)
    }

    @Test func writesACueIntoEverySegmentThatItTouches() throws {
        let record = try convert(
            """
            1
            00:00:00,500 --> 00:00:01,500
            One

            2
            00:00:01,900 --> 00:00:04,000
            Two
            lines
            """)
        let header = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n"
        let two = "\n00:00:01.900 --> 00:00:04.000\nTwo\nlines\n"
        #expect(try segment(1) == header + "\n00:00:00.500 --> 00:00:01.500\nOne\n" + two)
        #expect(try segment(2) == header + two)
        // It ends exactly where the third begins.
        #expect(try segment(3) == header)
        #expect(record.segments.map(\.samples) == [2, 1, 0])
        #expect(record.segments.map(\.start) == [0, 50_000, 100_000] && record.timescale == 25_000)
        #expect(record.segments[2].bytes == header.utf8.count && record.segments[2].sha256 == Files.sha256(Array(header.utf8)))
        #expect(record.initBytes == 0 && record.initSHA256.isEmpty && record.warnings.isEmpty)
    }

    @Test func shiftsByTheTrimAndClipsAtBothEnds() throws {
        let record = try convert(
            """
            1
            00:00:09,000 --> 00:00:10,000
            before

            2
            00:00:09,500 --> 00:00:11,250
            over the start

            3
            00:00:15,000 --> 00:01:00,000
            over the end

            4
            00:00:12,000 --> 00:00:12,000
            never seen
            """, trimStart: Rational(21, 2))
        #expect(try segment(1).contains("\n00:00:00.000 --> 00:00:00.750\nover the start\n"))
        #expect(try segment(3).contains("\n00:00:04.500 --> 00:00:06.000\nover the end\n"))
        #expect(record.segments.map(\.samples) == [1, 0, 1])
        #expect(
            record.warnings == [
                "subtitle 'English': 1 cue(s) that last no time were left out",
                "subtitle 'English': 1 cue(s) outside the title were left out",
            ])
    }

    @Test func keepsWhatWebVTTCanSay() throws {
        _ = try convert(
            """
            WEBVTT - Night Train

            NOTE a comment

            STYLE
            ::cue(#first) { color: yellow }

            first
            00:01.000 --> 00:02.500 line:0 align:start
            <v Anna>Where to?</v>
            """, name: "en.vtt")
        #expect(
            try segment(1) == """
                WEBVTT
                X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0

                STYLE
                ::cue(#first) { color: yellow }

                first
                00:00:01.000 --> 00:00:02.500 line:0 align:start
                <v Anna>Where to?</v>

                """)
        #expect(try segment(3).contains("::cue(#first)"))
        #expect(
            try folder.bytes(of: "out/text.vtt")
                == Array(try segment(1).replacing("X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n", with: "").utf8))
    }

    @Test func sortsCuesByTime() throws {
        _ = try convert("00:00:01,000 --> 00:00:02,000\nsecond\n\n00:00:00,000 --> 00:00:02,000\nfirst\n")
        #expect(try segment(1).contains("first\n\n00:00:01.000 --> 00:00:02.000\nsecond\n"))
    }

    @Test func writesTheSameCuesAsATrack() throws {
        let record = try convert("00:00:00,500 --> 00:00:01,500\nOne\n\n00:00:01,000 --> 00:00:03,000\nTwo\n")
        let description = try SampleDescription.read(initSegment: folder.bytes(of: "out/init.mp4"), name: "init.mp4")
        var durations: [[Int64]] = []
        for fact in record.segments {
            let bytes = try folder.bytes(of: "out/\(SegmentFact.stem(fact.number)).m4s")
            let fragment = try Fragment.read(segment: bytes, defaults: description.defaults, name: "x")
            #expect(fragment.decodeTime == fact.start && fragment.duration == fact.duration)
            #expect(fragment.sequenceNumber == fact.number)
            durations.append(fragment.samples.map(\.duration))
        }
        // Nothing, One, One and Two, Two · Two, nothing · nothing.
        #expect(durations == [[12_500, 12_500, 12_500, 12_500], [25_000, 25_000], [50_000]])
        let first = String(decoding: try folder.bytes(of: "out/00001.m4s"), as: UTF8.self)
        #expect(first.components(of: "payl") == 4 && first.components(of: "vtte") == 1)
    }

    @Test func isReadByFFmpeg() throws {
        let record = try convert("1\n00:00:01,000 --> 00:00:03,000\nCafé\n")
        let playlist = MediaPlaylist.text(
            segments: record.segments, timescale: record.timescale, target: 2, map: nil, ending: "vtt")
        try folder.write(playlist, to: "out/media.m3u8")
        #expect(Set(try Judge.entries(folder.file("out/media.m3u8"), "stream=codec_name")) == ["webvtt"])
        let track = try (["init.mp4"] + (1...3).map { "\(SegmentFact.stem($0)).m4s" }).flatMap { try folder.bytes(of: "out/\($0)") }
        let times = try Judge.entries(try folder.write(track, to: "track.mp4"), "packet=pts_time")
        #expect(times == ["0.000000", "1.000000", "2.000000", "3.000000", "4.000000"])
    }

    @Test func warnsWhereNothingIsLeft() throws {
        #expect(try convert("WEBVTT\n", name: "en.vtt").warnings == ["subtitle 'English': no cue falls into the title"])
    }

    @Test func namesAMissingFile() throws {
        let message = try fault {
            try TextConversion.run(
                plan("none.srt"), path: folder.file("none.srt"), label: "none.srt", trimStart: .zero, grid: grid, into: folder.file("out"))
        }
        #expect(message.contains("none.srt: cannot be read"))
    }

    @Test func refusesAWebVTTFileWithoutItsSignature() throws {
        #expect(
            try fault { try convert("00:01.000 --> 00:02.000\nx\n", name: "en.vtt") }
                == "en.vtt:1: does not begin with 'WEBVTT', as every WebVTT file does")
    }
}
