import Notation
import Testing

struct HexTests {
    @Test func bytesComeBack() {
        let bytes: [UInt8] = [0, 0x0F, 0xA5, 0xFF]
        #expect(Hex.encode(bytes) == "000fa5ff")
        #expect(Hex.decode("000FA5ff") == bytes)
    }

    @Test func whatIsNoHexIsNothing() {
        for text in ["0", "0g", "é0", " 00"] { #expect(Hex.decode(text) == nil, "\(text)") }
    }
}
