import Testing

@testable import Packaging

@Suite struct TextDecodingTests {
    private let word = "Čaj – “š”"

    @Test func readsUnicodeInEveryWrapping() {
        let utf16 = Array(word.utf16)
        let forms: [[UInt8]] = [
            Array(word.utf8), [0xEF, 0xBB, 0xBF] + Array(word.utf8),
            [0xFF, 0xFE] + utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
            [0xFE, 0xFF] + utf16.flatMap(\.bigEndianBytes),
        ]
        for bytes in forms {
            let decoded = TextDecoding.decode(bytes)
            #expect(decoded.text == word && decoded.warning == nil)
        }
    }

    @Test func takesTheRestForWindows1252AndSaysSo() {
        let decoded = TextDecoding.decode([0x93, 0x46, 0x72, 0x61, 0x6E, 0xE7, 0x61, 0x69, 0x73, 0x94, 0x20, 0x80, 0x81])
        #expect(decoded.text == "“Français” €\u{FFFD}")
        #expect(decoded.warning?.contains("Windows-1252") == true)
    }

    @Test func countsLinesWhateverEndsThem() throws {
        let lines = TextLines("a\r\nb\rc\n\n\u{0}d", label: "x.srt")
        #expect(lines.blocks().map { $0.map(\.text) } == [["a", "b", "c"], ["\u{FFFD}d"]])
        #expect(lines.blocks()[1][0].number == 5)
        #expect(lines.fault(lines.blocks()[1][0], "is odd").description == "x.srt:5: is odd")
    }
}
