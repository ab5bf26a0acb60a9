import TestSupport
import Testing

@testable import Formats

@Suite struct SubRipFileTests {
    private func cues(_ text: String) throws -> [Cue] { try SubRipFile.read(TextLines(text, label: "en.srt")).cues }

    @Test func readsWhatToolsWrite() throws {
        // Windows line ends, blank lines between, no counter, a point for the comma, one digit for the hour, coordinates.
        let text = "1\r\n00:00:01,000 --> 00:00:02,000\r\nOne\r\n\r\n\r\n0:00:03.500 --> 0:00:04.000 X1:1 X2:2 Y1:3 Y2:4\r\nTwo"
        #expect(try cues(text) == [Cue(start: 1000, end: 2000, text: "One"), Cue(start: 3500, end: 4000, text: "Two")])
        #expect(try cues("100:00:00,001 --> 100:00:00,002\nlate") == [Cue(start: 360_000_001, end: 360_000_002, text: "late")])
        #expect(try cues("").isEmpty)
        #expect(try cues("1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\nx").count == 1)
    }

    @Test(arguments: [
        ("1\n00:00:01,000 -> 00:00:02,000\nx", "en.srt:2: '00:00:01,000 -> 00:00:02,000' is no timing line 'START --> END'"),
        ("1\n00:00:61,000 --> 00:00:62,000\nx", "en.srt:2: '00:00:61,000' is no time HH:MM:SS,mmm"),
        ("1\n00:00:01,000 --> 00:00:02,0\nx", "en.srt:2: '00:00:02,0' is no time HH:MM:SS,mmm"),
        ("\n\n00:00:03,000 --> 00:00:02,000\nx", "en.srt:3: the cue ends (00:00:02,000) before it begins (00:00:03,000)"),
        (
            "1\n00:00:01,000 --> 00:00:02,000\nx\n2\n00:00:03,000 --> 00:00:04,000\ny",
            "en.srt:5: a timing line inside a cue; an empty line is missing before it"
        ),
        ("<html>\n</html>", "en.srt:1: '<html>' is neither a cue number nor a timing line, and no cue stands before it"),
    ])
    func saysWhereAFileIsWrong(text: String, message: String) throws {
        #expect(try fault { try cues(text) } == message)
    }

    /// What FFmpeg and players read: a cue goes on until the next one.
    @Test(arguments: [
        ("1\n00:00:01,000 --> 00:00:02,000\n\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld", ["Hello", "World"]),
        ("1\n00:00:01,000 --> 00:00:02,000\nHello\n\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld", ["Hello\nthere", "World"]),
        ("1\n00:00:01,000 --> 00:00:02,000\nx\n\n42\n\nmore\n\n2\n\n00:00:03,000 --> 00:00:04,000\ny\n\n3", ["x\n42\nmore", "y"]),
    ])
    func emptyLinesInsideCuesEndNothing(text: String, texts: [String]) throws {
        #expect(try cues(text).map(\.text) == texts)
        let warnings = try SubRipFile.read(TextLines(text, label: "en.srt")).warnings
        #expect(warnings.count == 1 && warnings[0].contains("empty line(s) inside cues"))
    }

    @Test(arguments: [
        ("<i>a</i> <b>b</b> <u>c</u>", "<i>a</i> <b>b</b> <u>c</u>"), ("<I>a</I>", "<i>a</i>"),
        ("<font color=\"#ff0000\">red</font>", "red"), ("<i>open", "<i>open</i>"), ("closed</i>", "closed"),
        ("<i><b>crossed</i></b>", "<i><b>crossed</b></i>"), ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("&lt;kept&gt; &copy;", "&lt;kept&gt; &amp;copy;"), ("--> look", "--&gt; look"), ("{\\an8}top {sic}", "top {sic}"),
        ("<s>no tag here</s>", "&lt;s&gt;no tag here&lt;/s&gt;"), ("<br>", "&lt;br&gt;"), ("a\n<font>\n</font>b", "a\nb"),
    ])
    func mapsMarkup(raw: String, text: String) {
        #expect(SubRipMarkup.webVTT(raw).text == text)
    }

    @Test func putsACueToTheTop() throws {
        #expect(try cues("00:00:01,000 --> 00:00:02,000\n{\\an8}up").map(\.settings) == ["line:0"])
        #expect(try cues("00:00:01,000 --> 00:00:02,000\n{\\an2}down").map(\.settings) == [""])
    }
}
