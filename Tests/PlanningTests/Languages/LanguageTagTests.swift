import Testing

@testable import Planning

@Suite struct LanguageTagTests {
    @Test(arguments: [
        "en", "no", "pt-BR", "zh-Hant-TW", "es-419", "sr-Latn", "de-1996", "sl-rozaj-biske", "zh-yue", "gsw", "und", "mul", "zxx", "qaa",
        "en-US-u-ca-gregory", "en-x-private", "x-klingon", "EN", "de-AT",
    ])
    func takesWhatIsRegistered(tag: String) {
        #expect(LanguageTag.fault(in: tag)?.message == nil)
    }

    @Test(
        arguments: [
            ("English", "'English' is no registered language (BCP 47)", "en"),
            ("german", "'german' is no registered language (BCP 47)", "de"),
            ("eng", "'eng' is no registered language (BCP 47)", "en"), ("fre", "'fre' is no registered language (BCP 47)", "fr"),
            ("pt_BR", "'pt_BR' is no language tag; write it as in BCP 47, such as en, no or pt-BR", "pt-BR"),
            ("Brazilian Portuguese", "'Brazilian Portuguese' is no language tag; write it as in BCP 47, such as en, no or pt-BR", nil),
            ("xx", "'xx' is no registered language (BCP 47)", nil),
            ("e", "'e' is no language tag; write it as in BCP 47, such as en, no or pt-BR", nil),
            ("en-UK", "'uk' is no registered region (BCP 47)", "en-GB"),
            ("en_uk", "'en_uk' is no language tag; write it as in BCP 47, such as en, no or pt-BR", "en-GB"),
            ("en-Ltn", "'ltn' is no registered extended language (BCP 47)", nil),
            ("zh-Hans-Hant", "'hant' stands where no subtag of its form may", nil), ("en-u", "nothing follows '-u'", nil),
            ("de-abcde", "'abcde' is no registered variant (BCP 47)", nil), ("sr-Latx", "'latx' is no registered script (BCP 47)", nil),
        ] as [(String, String, String?)])
    func refusesWhatIsNotAndSuggests(tag: String, message: String, suggestion: String?) throws {
        let fault = try #require(LanguageTag.fault(in: tag))
        #expect(fault.message == message && fault.suggestion == suggestion)
    }
}
