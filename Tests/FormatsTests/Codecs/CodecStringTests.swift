import Testing

@testable import Formats

@Suite struct CodecStringTests {
    private func cursor(_ bytes: [UInt8]) -> ByteCursor { ByteCursor(bytes, in: bytes.indices, name: "init.mp4") }

    @Test func namesAVC() throws {
        #expect(try CodecString.avc("avc1", cursor([1, 0x64, 0x00, 0x29, 0xFF])) == "avc1.640029")
        #expect(try CodecString.avc("avc1", cursor([1, 0x42, 0xC0, 0x0D, 0xFF])) == "avc1.42c00d")
    }

    @Test(
        arguments: [
            // Main 10, level 4.1, one constraint byte.
            ([1, 0x02, 0x20, 0, 0, 0, 0xB0, 0, 0, 0, 0, 0, 123], "hvc1.2.4.L123.B0"),
            // Main, high tier, no constraints.
            ([1, 0x21, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 150], "hvc1.1.6.H150"),
            // A profile space, and a zero between two constraint bytes.
            ([1, 0x44, 0x08, 0, 0, 0, 0x90, 0, 0x40, 0, 0, 0, 93], "hvc1.A4.10.L93.90.00.40"),
        ] as [([UInt8], String)])
    func namesHEVC(record: [UInt8], name: String) throws {
        #expect(try CodecString.hevc("hvc1", cursor(record)) == name)
    }

    @Test func namesAV1() throws {
        // Profile 0, level index 8, main tier, 8 bits, 4:2:0.
        #expect(try CodecString.av1(cursor([0x81, 0x08, 0x0C, 0]), color: nil) == "av01.0.08M.08")
        // 10 bits, high tier, level index 13.
        #expect(try CodecString.av1(cursor([0x81, 0x0D, 0xCC, 0]), color: nil) == "av01.0.13H.10")
    }

    @Test func addsColourToAV1WhereItIsNotTheUsual() throws {
        let hdr = NamedColor(primaries: 9, transfer: 16, matrix: 9, isFullRange: false)
        #expect(try CodecString.av1(cursor([0x81, 0x08, 0x4E, 0]), color: hdr) == "av01.0.08M.10.0.112.09.16.09.0")
        let usual = NamedColor(primaries: 1, transfer: 1, matrix: 1, isFullRange: false)
        #expect(try CodecString.av1(cursor([0x81, 0x08, 0x0C, 0]), color: usual) == "av01.0.08M.08")
        // Profile 1 is 4:4:4.
        #expect(try CodecString.av1(cursor([0x81, 0x28, 0x00, 0]), color: nil) == "av01.1.08M.08.0.000.01.01.01.0")
    }

    @Test func refusesARecordThatEndsTooSoon() {
        #expect(throws: FormatError.self) { try CodecString.hevc("hvc1", cursor([1, 2, 3])) }
    }
}

@Suite struct AudioSpecificConfigTests {
    private func esds(objectType: UInt8, config: [UInt8]) -> ByteCursor {
        let decoder =
            [4, UInt8(15 + config.count), objectType, 0x15] + [UInt8](repeating: 0, count: 11) + [5, UInt8(config.count)] + config
        // Long form of the length, as libavformat writes it.
        let bytes: [UInt8] = [0, 0, 0, 0, 3, 0x80, 0x80, 0x80, UInt8(3 + decoder.count), 0, 0, 0] + decoder
        return ByteCursor(bytes, in: bytes.indices, name: "init.mp4")
    }

    @Test(
        arguments: [
            ([0x11, 0x90], "mp4a.40.2", 48000, 2), ([0x12, 0x08], "mp4a.40.2", 44100, 1), ([0x11, 0xB0], "mp4a.40.2", 48000, 6),
            // HE-AAC, 24 kHz core.
            ([0x2B, 0x11, 0x88, 0x00], "mp4a.40.5", 24000, 2),
            // An escaped rate: 15, then 24 bits.
            ([0x17, 0x80, 0x5D, 0xC0, 0x10], "mp4a.40.2", 48000, 2),
        ] as [([UInt8], String, Int, Int)])
    func readsMPEG4Sound(config: [UInt8], codecs: String, rate: Int, channels: Int) throws {
        let sound = try AudioSpecificConfig.read(esds(objectType: 0x40, config: config))
        #expect(sound == AudioSpecificConfig(codecs: codecs, channels: channels, sampleRate: rate))
    }

    @Test func namesOtherSoundByItsObjectType() throws {
        #expect(try AudioSpecificConfig.read(esds(objectType: 0x6B, config: [0])).codecs == "mp4a.6b")
    }
}
