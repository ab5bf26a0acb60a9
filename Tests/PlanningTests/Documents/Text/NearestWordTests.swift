import Testing

@testable import Planning

struct NearestWordTests {
    private static let words = ["max_rate", "buffer_size", "bit_rate", "crf", "speed", "level", "name", "width"]

    @Test(arguments: [
        ("maxrate", "max_rate"), ("Max-Rate", "max_rate"), ("bufer_size", "buffer_size"), ("bitrate", "bit_rate"), ("cfr", "crf"),
        ("sped", "speed"), ("naem", "name"), ("buffer", "buffer_size"),
    ])
    func whatWasMeantIsFound(given: String, meant: String) {
        #expect(NearestWord.to(given, in: Self.words) == meant)
    }

    @Test(arguments: ["colour", "x", "", "thumbnails"])
    func nothingIsBetterThanNoise(given: String) {
        #expect(NearestWord.to(given, in: Self.words) == nil)
    }
}
