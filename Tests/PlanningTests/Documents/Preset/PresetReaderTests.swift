import MediaModel
import Testing

@testable import Planning

struct PresetReaderTests {
    @Test func aRungTakesFromVideoWhatItDoesNotSay() throws {
        let text = """
            version: 1
            description: Two rungs
            chunk_seconds: "00:00:24"
            video:
              codec: h264
              crf: 23.5
              speed: slow
              level: 4
              max_frame_rate: 29.97
              options: { x264-params: "aq-mode=3", tune: film }
              rungs:
                - { name: small, width: 640, height: 360, max_rate: 0.6M, buffer_size: 900k, speed: medium, options: { tune: grain } }
                - { name: big, width: 1920, height: 1080, bit_rate: 4500k, max_rate: 6M, buffer_size: 6000000, level: 4.1 }
            audio: [{ codec: opus, bit_rate: 96k }, { codec: aac, bit_rate: 128000, sample_rate: 44100 }]
            images: { card_widths: [200], quality: 70 }
            """
        let result = PresetReader.read(DocumentFile(name: "two.yaml", text: text), name: "two")
        #expect(result.diagnostics == [])
        let preset = try #require(result.value).preset
        #expect(preset.name == "two")
        #expect(preset.summary == "Two rungs")
        #expect([preset.segmentDuration, preset.gopDuration, preset.chunkDuration] == [6, 2, 24].map { Rational($0) })
        #expect(
            preset.rungs == [
                Rung(
                    name: "big", codec: .h264, encoder: "libx264", width: 1920, height: 1080, maxFrameRate: Rational(30000, 1001),
                    rateControl: .twoPass(bitRate: 4_500_000, cap: RateCap(maxRate: 6_000_000, bufferSize: 6_000_000)),
                    speed: "slow", profile: nil, level: "4.1", bitDepth: 8,
                    options: ["x264-params": "aq-mode=3", "tune": "film"]),
                Rung(
                    name: "small", codec: .h264, encoder: "libx264", width: 640, height: 360, maxFrameRate: Rational(30000, 1001),
                    rateControl: .cappedCRF(crf: Rational(47, 2), cap: RateCap(maxRate: 600_000, bufferSize: 900_000)),
                    speed: "medium", profile: nil, level: "4.0", bitDepth: 8,
                    options: ["x264-params": "aq-mode=3", "tune": "grain"]),
            ])
        #expect(
            preset.audio == [
                AudioFormat(codec: .opus, bitRate: 96_000), AudioFormat(codec: .aac, bitRate: 128_000, sampleRate: 44100),
            ])
        #expect(preset.images == ImageSettings(cardWidths: [200], quality: 70))
    }

    @Test func imagesAreOnUnlessNone() throws {
        func images(_ head: String) throws -> ImageSettings? {
            let file = DocumentFile(name: "p.yaml", text: DocumentFixture.preset(head: head))
            return try #require(PresetReader.read(file, name: "p").value).preset.images
        }
        #expect(try images("") == ImageSettings())
        #expect(try images("images: none\n") == nil)
    }

    @Test(arguments: [
        (
            "name: a, width: 640, height: 360, max_rate: 600k",
            "p.yaml:6:53: error: video.rungs[0].max_rate: max_rate needs buffer_size: a cap on the bit rate holds over "
                + "a buffer; one means nothing without the other"
        ),
        (
            "name: a, width: 640, height: 360, buffer_size: 600k",
            "p.yaml:6:56: error: video.rungs[0].buffer_size: buffer_size needs max_rate: a cap on the bit rate holds "
                + "over a buffer; one means nothing without the other"
        ),
        (
            "name: a, width: 640, height: 360",
            "p.yaml:6:7: error: video.rungs[0]: max_rate and buffer_size are missing: without a cap no player can choose among the rungs"
        ),
        (
            "name: a, width: 640, height: 360, max_rate: 600k, buffer_size: 600k, crf: 20, bit_rate: 500k",
            "p.yaml:6:97: error: video.rungs[0].bit_rate: crf and bit_rate exclude each other: crf asks for a quality, "
                + "bit_rate for an average; keep one"
        ),
        (
            "name: a, width: 640, height: 360, max_rate: 600, buffer_size: 600 kbps",
            "p.yaml:6:53: error: video.rungs[0].max_rate: must be bits such as 4500k or 7.8M, from 10k to 800M, not "
                + "'600' (did you mean '600k'?)|"
                + "p.yaml:6:71: error: video.rungs[0].buffer_size: must be bits such as 4500k or 7.8M, "
                + "from 10k to 800M, not '600 kbps' (did you mean '600k'?)"
        ),
        (
            "name: a, width: 641, height: 360, maxrate: 600k, buffer_size: 600k",
            "p.yaml:6:25: error: video.rungs[0].width: must be even: 4:2:0 has one colour sample for two pixels (did you mean '642'?)|"
                + "p.yaml:6:43: error: video.rungs[0].maxrate: unknown key (did you mean 'max_rate'?)|"
                + "p.yaml:6:71: error: video.rungs[0].buffer_size: buffer_size needs max_rate: "
                + "a cap on the bit rate holds over a buffer; one means nothing without the other"
        ),
        (
            "name: a, width: 640, height: 360, max_rate: 600k, buffer_size: 2400k",
            "p.yaml:6:72: error: video.rungs[0].buffer_size: chunks of 30 s are shorter than ten times buffer_size / "
                + "max_rate of rung 'a', 40 s: take longer chunks or a smaller buffer"
        ),
        (
            "name: a, width: 640, height: 360, max_rate: 600k, buffer_size: 600k, codec: av1",
            "p.yaml:6:78: error: video.rungs[0].codec: a codec of a rung's own is not supported yet"
        ),
        (
            "name: a, width: 640, height: 360, bit_rate: 700k, max_rate: 600k, buffer_size: 600k",
            "p.yaml:6:53: error: video.rungs[0].bit_rate: the average of 700000 bit/s is above max_rate, 600000 bit/s"
        ),
    ])
    func aRungIsWrong(rung: String, expected: String) {
        #expect(DocumentFixture.presetFaults(DocumentFixture.preset(rung: rung)) == expected.split(separator: "|").map(String.init))
    }

    @Test(arguments: [
        ("codec: h264\n  crf: 60", "video.crf: must be from 1 to 51 for libx264, not 60"),
        ("codec: av1\n  crf: 60\n  speed: 14", "video.speed: '14' is no speed of libsvtav1; it has 0, 1, 2"),
        ("codec: av1\n  crf: 30.5", "video.crf: libsvtav1 takes whole numbers only, not 30.5"),
        ("codec: hevc\n  crf: 22\n  speed: meduim", "(did you mean 'medium'?)"),
        (
            "codec: hevc\n  crf: 22\n  bit_depth: 10\n  profile: main",
            "video.bit_depth: 10 bits do not fit the profile 'main'; it holds 8 (did you mean 'main10'?)"
        ),
        ("codec: h264\n  crf: 22\n  profile: hihg", "(did you mean 'high'?)"),
        ("codec: h264\n  crf: 22\n  bit_depth: 9", "video.bit_depth: must be 8 or 10, not 9"),
        ("codec: h264\n  crf: 22\n  level: 7.1", "video.level: '7.1' is no level of h264; it has 1.0, 1b"),
        ("codec: h265\n  crf: 22", "video.codec: must be h264 or hevc or av1, not 'h265' (did you mean 'h264'?)"),
        ("codec: h264\n  encoder: libx265\n  crf: 22", "video.encoder: 'libx265' does not encode h264 (did you mean 'libx264'?)"),
        ("codec: h264", "video.rungs[0]: crf or bit_rate is missing: the encoder must know what to spend"),
        ("codec: h264\n  crf: 23\n  max_frame_rate: fast", "must be frames per second such as 25, 29.97 or 30000/1001, not 'fast'"),
        ("codec: h264\n  crf: 23\n  options: { crf: 20 }", "video.options.crf: is not set here: use crf"),
        (
            "codec: h264\n  crf: 23\n  options: { x265-params: a=1 }",
            "video.options.x265-params: is no option of libx264 (did you mean 'x264-params'?)"
        ),
        (
            "codec: h264\n  crf: 23\n  options: { x264-params: aq-mode=3:keyint=50 }",
            "video.options.x264-params: 'keyint' is not set here: use gop_seconds"
        ),
    ])
    func videoIsWrongAndSaidOnce(video: String, expected: String) {
        let faults = DocumentFixture.presetFaults(DocumentFixture.preset(video: video))
        #expect(faults.count == 1)
        #expect(faults.first?.contains(expected) == true, "\(faults)")
    }

    @Test func twoPassesAreRefusedWhereTheEncoderHasNone() {
        let text = DocumentFixture.preset(
            video: "codec: av1", rung: "name: a, width: 640, height: 360, bit_rate: 500k, max_rate: 600k, buffer_size: 600k")
        #expect(
            DocumentFixture.presetFaults(text) == [
                "p.yaml:5:53: error: video.rungs[0].bit_rate: bit_rate means two passes, and libsvtav1 offers no "
                    + "second pass here; use crf with max_rate and buffer_size"
            ])
    }

    @Test(arguments: [
        ("{ codec: opus, bit_rate: 96k }", "audio: stereo AAC is missing; every player needs it: add { codec: aac, bit_rate: 128k }"),
        (
            "{ codec: aac, bit_rate: 96k, channels: 1 }",
            "audio: stereo AAC is missing; every player needs it: add { codec: aac, bit_rate: 128k }"
        ),
        ("{ codec: aac, bit_rate: 24k }", "audio[0].bit_rate: AAC (low complexity) needs at least 32k"),
        ("{ codec: aac, bit_rate: 96k, sample_rate: 32000 }", "audio[0].sample_rate: aac is encoded at 44100 or 48000, not at 32000"),
        ("{ codec: aac, bit_rate: 96k }\n  - { codec: aac, bit_rate: 64k }", "audio[1].codec: aac is given twice"),
        ("{ codec: mp3, bit_rate: 96k }", "audio[0].codec: must be aac or opus, not 'mp3'"),
    ])
    func soundIsWrong(audio: String, expected: String) {
        let faults = DocumentFixture.presetFaults(DocumentFixture.preset(audio: audio))
        #expect(faults.count == 1)
        #expect(faults.first?.hasSuffix(expected) == true, "\(faults)")
    }

    @Test(arguments: [
        ("segment_seconds: 5\n", "p.yaml:2:18: error: segment_seconds: a segment of 5 s holds no whole number of GOPs of 2 s"),
        ("gop_seconds: 4\n", "p.yaml:2:14: error: gop_seconds: a segment of 6 s holds no whole number of GOPs of 4 s"),
        (
            "segment_seconds: 12\nchunk_seconds: 10\n",
            "p.yaml:3:16: error: chunk_seconds: a chunk of 10 s is shorter than a segment of 12 s"
        ),
        ("images: all\n", "p.yaml:2:9: error: images: must be none, not 'all'"),
        ("images: { card_widths: [320, 320] }\n", "p.yaml:2:24: error: images.card_widths: a width is given twice"),
        ("images: { quality: 101 }\n", "p.yaml:2:20: error: images.quality: must be a whole number from 1 to 100, not '101'"),
    ])
    func theHeadIsWrong(head: String, expected: String) {
        #expect(DocumentFixture.presetFaults(DocumentFixture.preset(head: head)) == [expected])
    }

    @Test func rungNamesAreUnique() {
        let rung = "name: a, width: 640, height: 360, max_rate: 600k, buffer_size: 600k"
        #expect(
            DocumentFixture.presetFaults(DocumentFixture.preset(rung: "\(rung) }\n    - { \(rung)")) == [
                "p.yaml:7:15: error: video.rungs[1].name: the name 'a' is used twice; the first is in line 6"
            ])
    }
}
