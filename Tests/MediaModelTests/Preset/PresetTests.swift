import Foundation
import MediaModel
import Testing

struct PresetTests {
    private let cap = RateCap(maxRate: 6_000_000, bufferSize: 9_000_000)

    @Test func everyRateControlHasACap() {
        #expect(RateControl.cappedCRF(crf: Rational(23), cap: cap).cap == cap)
        #expect(RateControl.twoPass(bitRate: 4_000_000, cap: cap).cap == cap)
    }

    @Test func everyCodecHasAnEncoder() {
        #expect(VideoCodec.allCases.map(\.defaultEncoder) == ["libx264", "libx265", "libsvtav1"])
    }

    /// ISO/IEC 14496-3, 4.5.1.1: 1024 samples; RFC 6716, 2.1.4: 20 ms.
    @Test func codedSoundFramesHaveTheirCodecsLength() {
        #expect(AudioCodec.aac.frameSamples == 1024)
        #expect(AudioCodec.opus.frameSamples == 960)
    }

    @Test func onlyOpusFramesLastEquallyLongAtEveryRate() {
        #expect(AudioCodec.aac.frameDuration(sampleRate: 44100) == Rational(1024, 44100))
        #expect(AudioCodec.aac.frameDuration(sampleRate: 48000) == Rational(1024, 48000))
        for rate in [24000, 48000] { #expect(AudioCodec.opus.frameDuration(sampleRate: rate) == Rational(1, 50)) }
    }

    @Test(arguments: [true, false])
    func rateControlReadsBackAsItWasWritten(_ isTwoPass: Bool) throws {
        let control: RateControl = isTwoPass ? .twoPass(bitRate: 4_000_000, cap: cap) : .cappedCRF(crf: Rational(47, 2), cap: cap)
        let stored = try JSONEncoder().encode(control)
        #expect(try JSONDecoder().decode(RateControl.self, from: stored) == control)
    }
}
