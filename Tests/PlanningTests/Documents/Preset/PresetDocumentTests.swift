import MediaModel
import Testing

@testable import Planning

/// What an encoder refuses is found when it is opened; the person needs the line all the same.
struct PresetDocumentTests {
    private func document() throws -> PresetDocument {
        let text = """
            version: 1
            video:
              codec: h264
              crf: 23
              options: { x264-params: "foo=1" }
              rungs:
                - { name: small, width: 640, height: 360, max_rate: 600k, buffer_size: 600k }
                - name: big
                  width: 1280
                  height: 720
                  level: 3.0
                  max_rate: 3M
                  buffer_size: 3M
                  options:
                    x264-params: bar=2
                    tune: nonsense
            audio: [{ codec: aac, bit_rate: 128k }]
            """
        return try #require(PresetReader.read(DocumentFile(name: "p.yaml", text: text), name: "p").value)
    }

    @Test func aRefusedOptionIsShownAtItsLine() throws {
        let document = try document()
        #expect(document.preset.rungs.map(\.name) == ["big", "small"])
        #expect(
            document.diagnostic(rung: 0, message: "libx264 does not know 'bar' in x264-params").description
                == "p.yaml:15:9: error: video.rungs[1].options.x264-params: libx264 does not know 'bar' in x264-params (rung 'big')")
        #expect(document.diagnostic(rung: 0, message: "bad value for option tune").line == 16)
        #expect(document.diagnostic(rung: 1, message: "x264-params: unknown option foo").key == "video.options.x264-params")
        #expect(document.diagnostic(rung: 1, message: "x264-params: unknown option foo").line == 5)
    }

    /// The words that x264 and x265 use.
    @Test(arguments: ["[libx264] Error parsing option 'bar = 2'.", "unknown option: bar", "Invalid value for bar: 2."])
    func aParameterIsShownAtTheOptionThatHoldsIt(message: String) throws {
        let fault = try document().diagnostic(rung: 0, message: message)
        #expect((fault.line, fault.key) == (15, "video.rungs[1].options.x264-params"))
        #expect(try document().diagnostic(rung: 1, message: message.replacing("bar", with: "foo")).line == 5)
        // One that stands nowhere is the rung's.
        #expect(try document().diagnostic(rung: 1, message: message).line == 7)
    }

    @Test func aSettingIsFoundByItsNameAndTheRungIsTheLastResort() throws {
        let document = try document()
        #expect(document.diagnostic(rung: 0, message: "frame size is over level 3.0").key == "video.rungs[1].level")
        #expect(document.diagnostic(rung: 0, message: "frame size is over level 3.0").line == 11)
        #expect(
            document.diagnostic(rung: 1, message: "the encoder cannot be opened").description
                == "p.yaml:7:7: error: video.rungs[0]: the encoder cannot be opened")
    }

    @Test func aRefusedSoundIsShownAtItsLine() throws {
        #expect(
            try document().diagnostic(sound: 0, message: "too many bits").description == "p.yaml:17:9: error: audio[0]: too many bits")
    }
}
