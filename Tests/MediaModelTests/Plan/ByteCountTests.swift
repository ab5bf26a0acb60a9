import MediaModel
import Testing

@Suite struct ByteCountTests {
    @Test(
        arguments: [
            (0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (12_499, "12 kB"), (12_500, "13 kB"), (1_000_000, "1.0 MB"),
            (187_849_999, "187.8 MB"), (187_850_000, "187.9 MB"), (1_234_567_890, "1.2 GB"), (9_999_999_999_999, "10.0 TB"),
            (.max, "9223372.0 TB"),
        ] as [(Int64, String)])
    func isWrittenInPowersOfAThousand(_ bytes: Int64, _ text: String) {
        #expect(ByteCount.text(bytes) == text)
    }

    @Test(
        arguments: [
            ("800M", 800 << 20), ("4g", 4 << 30), ("1T", 1 << 40), ("64K", 64 << 10), ("123", 123), ("", nil), ("M", nil), ("0", nil),
            ("-1G", nil), ("1.5G", nil), ("9999999999T", nil),
        ] as [(String, Int64?)])
    func isReadInPowersOf1024(_ text: String, _ bytes: Int64?) {
        #expect(ByteCount.parse(text) == bytes)
    }
}
