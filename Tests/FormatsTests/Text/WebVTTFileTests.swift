import TestSupport
import Testing

@testable import Formats

@Suite struct WebVTTFileTests {
    private func read(_ text: String) throws -> CueList { try WebVTTFile.read(TextLines(text, label: "en.vtt")) }

    @Test func knowsItsSignature() {
        #expect(WebVTTFile.hasSignature("WEBVTT") && WebVTTFile.hasSignature("WEBVTT\tx") && WebVTTFile.hasSignature("WEBVTT - x"))
        #expect(!WebVTTFile.hasSignature("WEBVTTX") && !WebVTTFile.hasSignature("webvtt"))
    }

    @Test func readsCuesCommentsStylesAndRegions() throws {
        let list = try read(
            "WEBVTT\nKind: captions\n\nREGION\nid:top\n\nNOTE\nmany\nlines\n\n7\n01:00.000 --> 01:01.000\tregion:top\nA\nB\n\n"
                + "00:00:00.000 --> 00:00:00.000\nempty\n\n10:00:00.000 --> 10:00:01.000\n")
        #expect(list.headerBlocks == ["REGION\nid:top"])
        #expect(
            list.cues == [
                Cue(start: 60_000, end: 61_000, identifier: "7", settings: "region:top", text: "A\nB"),
                Cue(start: 0, end: 0, text: "empty"),
            ])
    }

    @Test(arguments: [
        ("WEBVTT\n00:01.000 --> 00:02.000\nx", "en.vtt:2: a timing line in the header; an empty line is missing after 'WEBVTT'"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nx", "en.vtt:3: '00:01,000' is no time HH:MM:SS.mmm"),
        (
            "WEBVTT\n\nlost words",
            "en.vtt:3: 'lost words' is followed by no timing line 'START --> END'; is there an empty line inside a cue?"
        ),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n00:03.000 --> 00:04.000\ny",
            "en.vtt:5: '-->' inside a cue; an empty line is missing before the timing line"
        ),
        ("WEBVTT\n\nid\n-->\n", "en.vtt:4: '-->' is no timing line 'START --> END'"),
    ])
    func saysWhereAFileIsWrong(text: String, message: String) throws {
        #expect(try fault { try read(text) } == message)
    }
}

@Suite struct WebVTTSegmentTests {
    @Test(arguments: [(0, "00:00:00.000"), (3_723_004, "01:02:03.004"), (360_000_000, "100:00:00.000")] as [(Int64, String)])
    func writesTimes(milliseconds: Int64, text: String) {
        #expect(WebVTTSegment.time(milliseconds) == text)
    }
}
