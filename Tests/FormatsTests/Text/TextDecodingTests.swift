import MediaModel
import TestSupport
import Testing

@testable import Formats

@Suite struct TextDecodingTests {
    private let word = "Čaj – “š”"

    @Test func readsUnicodeInEveryWrapping() throws {
        let utf16 = Array(word.utf16)
        let forms: [[UInt8]] = [
            Array(word.utf8), [0xEF, 0xBB, 0xBF] + Array(word.utf8),
            [0xFF, 0xFE] + utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
            [0xFE, 0xFF] + utf16.flatMap(\.bigEndianBytes),
        ]
        for bytes in forms {
            let decoded = try #require(TextDecoding.decode(bytes, named: nil, language: "cs"))
            #expect(decoded.text == word && decoded.warning == nil)
        }
    }

    @Test func takesTheRestForWindows1252AndSaysSo() throws {
        let bytes: [UInt8] = [0x93, 0x46, 0x72, 0x61, 0x6E, 0xE7, 0x61, 0x69, 0x73, 0x94, 0x20, 0x80, 0x81]
        let decoded = try #require(TextDecoding.decode(bytes, named: nil, language: "fr"))
        #expect(decoded.text == "“Français” €\u{FFFD}")
        #expect(decoded.warning?.contains("windows-1252") == true)
    }

    /// What Python's codecs make of the words.
    @Test(
        arguments: [
            ("ru", [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2, 0x2C, 0x20, 0xEC, 0xE8, 0xF0], "Привет, мир", "windows-1251"),
            ("pl", [0x8C, 0x77, 0x69, 0x61, 0x74], "Świat", "windows-1250"),
            ("el", [0xC3, 0xE5, 0xE9, 0xDC], "Γειά", "windows-1253"),
            ("he", [0xF9, 0xEC, 0xE5, 0xED], "שלום", "windows-1255"),
            ("ja", [0x90, 0xA2, 0x8A, 0x45], "世界", "shift_jis"),
            ("zh-TW", [0xA5, 0x40, 0xAC, 0xC9], "世界", "big5"),
            ("zh", [0xCA, 0xC0, 0xBD, 0xE7], "世界", "gb18030"),
            ("ko", [0xBC, 0xBC, 0xB0, 0xE8], "세계", "euc-kr"),
        ] as [(String, [UInt8], String, String)])
    func guessesByTheLanguageAndSaysSo(language: String, bytes: [UInt8], text: String, name: String) throws {
        let decoded = try #require(TextDecoding.decode(bytes, named: nil, language: language))
        #expect(decoded.text == text)
        #expect(decoded.warning?.contains("read as \(name), which is a guess") == true)
        let named = try #require(TextDecoding.decode(bytes, named: TextEncoding(rawValue: name), language: "en"))
        #expect(named.text == text && named.warning == nil)
    }

    @Test func refusesWhatIsNotInTheEncodingThatWasNamed() {
        #expect(TextDecoding.decode([0xFF, 0x41], named: .utf8, language: "en") == nil)
        #expect(TextDecoding.decode([0x81], named: .windows1252, language: "en") == nil)
    }

    @Test func everyEncodingIsKnownToTheSystem() {
        for encoding in TextEncoding.allCases { #expect(encoding.decode(Array("a\0".utf8).map { $0 }) != nil, "\(encoding)") }
    }

    @Test func countsLinesWhateverEndsThem() throws {
        let lines = TextLines("a\r\nb\rc\n\n\u{0}d", label: "x.srt")
        #expect(lines.blocks().map { $0.map(\.text) } == [["a", "b", "c"], ["\u{FFFD}d"]])
        #expect(lines.blocks()[1][0].number == 5)
        #expect(lines.fault(lines.blocks()[1][0], "is odd").description == "x.srt:5: is odd")
    }
}
