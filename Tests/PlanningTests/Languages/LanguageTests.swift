import Testing

@testable import Planning

@Suite("Languages")
struct LanguageTests {
    @Test(
        "The shortest BCP 47 tag",
        arguments: [
            ("eng", "en"), ("fra", "fr"), ("fre", "fr"), ("deu", "de"), ("ger", "de"), ("spa", "es"), ("zho", "zh"), ("chi", "zh"),
            ("jpn", "ja"), ("nld", "nl"), ("dut", "nl"), ("en", "en"), ("EN", "en"), ("pt-BR", "pt-BR"), ("por-BR", "pt-BR"),
            ("en_GB", "en-GB"), ("no", "no"), ("iw", "he"), ("gsw", "gsw"), ("tlh", "tlh"), ("und", "und"), ("", "und"), ("e", "und"),
            ("english language", "und"), ("en/../..", "und"), (nil, "und"),
        ] as [(String?, String)])
    func tags(code: String?, expected: String) {
        #expect(Language.bcp47(code) == expected)
    }

    @Test("English names", arguments: [("en", "English"), ("nb", "Norwegian Bokmål"), ("pt-BR", "Portuguese (BR)")])
    func names(tag: String, expected: String) {
        #expect(Language.englishName(tag) == expected)
    }

    @Test("Unknown languages have none", arguments: ["und", "tlh"])
    func unknown(tag: String) {
        #expect(Language.englishName(tag) == nil)
    }

    @Test("Every line of the table is a tag, its codes and a name, and no code is there twice")
    func table() {
        var seen: Set<String> = []
        for line in LanguageTable.lines.split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 1)
            #expect(fields.count == 2)
            for code in fields[0].split(separator: ",") { #expect(seen.insert(String(code)).inserted, "\(code)") }
        }
        #expect(seen.count > 350)
    }
}
