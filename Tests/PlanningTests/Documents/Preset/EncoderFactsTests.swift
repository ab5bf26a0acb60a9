import MediaModel
import Testing

@testable import Planning

struct EncoderFactsTests {
    @Test(arguments: VideoCodec.allCases)
    func everyCodecHasAnEncoderWhoseStandardsAreItsOwn(codec: VideoCodec) {
        let facts = EncoderFacts.of(codec)
        #expect(facts.codec == codec)
        #expect(facts.name == codec.defaultEncoder)
        #expect(facts.speeds.contains(facts.standardSpeed))
        for depth in facts.bitDepths {
            #expect(facts.profiles.contains { $0.bitDepths.contains(depth) })
        }
    }

    @Test func levelsAreWrittenInOneForm() {
        #expect(EncoderFacts.of(.h264).level("4") == "4.0")
        #expect(EncoderFacts.of(.h264).level("4.1") == "4.1")
        #expect(EncoderFacts.of(.h264).level("1b") == "1b")
        #expect(EncoderFacts.of(.hevc).level("1b") == nil)
        #expect(EncoderFacts.of(.hevc).level("2.2") == nil)
        #expect(EncoderFacts.of(.av1).level("2.3") == "2.3")
    }

    @Test(arguments: [(VideoCodec.h264, "placebo"), (.hevc, "ultrafast"), (.av1, "13"), (.av1, "0")])
    func everySpeedOfTheEncoderIsTaken(codec: VideoCodec, speed: String) throws {
        let text = DocumentFixture.preset(video: "codec: \(codec.rawValue)\n  crf: 30\n  speed: \(speed)")
        let result = PresetReader.read(DocumentFile(name: "p", text: text), name: "p")
        #expect(result.diagnostics == [])
        #expect(result.value?.preset.rungs.first?.speed == speed)
    }

    @Test(arguments: [(VideoCodec.h264, "51"), (.hevc, "51"), (.av1, "63")])
    func theScaleOfTheFactorIsTheEncoders(codec: VideoCodec, last: String) {
        #expect(DocumentFixture.presetFaults(DocumentFixture.preset(video: "codec: \(codec.rawValue)\n  crf: \(last)")) == [])
    }

    @Test func tenBitsNeedNoProfile() throws {
        let text = DocumentFixture.preset(video: "codec: hevc\n  crf: 22\n  bit_depth: 10")
        let rung = try #require(PresetReader.read(DocumentFile(name: "p", text: text), name: "p").value?.preset.rungs.first)
        #expect(rung.bitDepth == 10)
        #expect(rung.profile == nil)
        #expect(rung.speed == "medium")
    }
}

struct OptionReaderTests {
    private func faults(_ codec: String, _ options: String) -> [String] {
        DocumentFixture.presetFaults(DocumentFixture.preset(video: "codec: \(codec)\n  crf: 30\n  options: { \(options) }"))
            .map { String($0.split(separator: " ", maxSplits: 2)[2]) }
    }

    @Test func whatAKeyOfThePresetSaysIsNotSaidTwice() {
        #expect(
            faults("h264", "maxrate: 1M, g: 50, threads: 4, tune: film") == [
                "video.options.maxrate: is not set here: use max_rate",
                "video.options.g: is not set here: use gop_seconds",
                "video.options.threads: is not set here: each encoder has one thread, so that its bytes are always the same",
            ])
    }

    @Test func whatWouldBreakTheGridIsRefusedInsideTheParametersToo() {
        #expect(
            faults("hevc", "x265-params: 'pools=4:aq-mode=3:open-gop=1'") == [
                "video.options.x265-params: 'pools' is not set here: it would change with the machine",
                "video.options.x265-params: 'open-gop' is not set here: GOPs are closed",
            ])
        #expect(
            faults("av1", "svtav1-params: 'tune=0:lp=4'")
                == [
                    "video.options.svtav1-params: 'lp' is not set here: "
                        + "each encoder has one thread, so that its bytes are always the same"
                ])
    }

    @Test func whatTheEncoderAloneCanJudgeIsLeftToIt() {
        #expect(faults("h264", "x264-params: 'foo=1', me: nonsense").isEmpty)
    }
}
