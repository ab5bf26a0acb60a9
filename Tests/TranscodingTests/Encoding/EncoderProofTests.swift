import Foundation
import MediaModel
import Testing

@testable import Transcoding

/// Presets are proven by opening their encoders.
@Suite struct EncoderProofTests {
    private static let cap = RateCap(maxRate: 800_000, bufferSize: 800_000)

    private static func rung(_ codec: VideoCodec, _ control: RateControl? = nil, level: String = "3.0", options: [String: String] = [:])
        -> RungPlan
    {
        SmallTitle.rung(
            width: 320, height: 180, codec: codec, control: control ?? .cappedCRF(crf: Rational(25), cap: cap),
            speed: codec == .av1 ? "10" : "ultrafast", level: level, options: options)
    }

    @Test(arguments: VideoCodec.allCases)
    func whatIsRightOpensWithoutAWord(_ codec: VideoCodec) throws {
        try EncoderProof.prove(Self.rung(codec), color: .bt709)
    }

    @Test(arguments: [VideoCodec.h264, .hevc])
    func twoPassesLeaveNothingBehind(_ codec: VideoCodec) throws {
        let before = try FileManager.default.contentsOfDirectory(atPath: "/dev").filter { $0.hasPrefix("null") }
        try EncoderProof.prove(Self.rung(codec, .twoPass(bitRate: 500_000, cap: Self.cap)), color: .bt709)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/dev").filter { $0.hasPrefix("null") } == before)
        #expect(try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType == .typeCharacterSpecial)
    }

    @Test(arguments: [("x264-params", "foo=1"), ("x264-params", "me=nonsense"), ("nonsense", "7"), ("tune", "opera")])
    func whatX264DoesNotUnderstandIsNamed(_ option: (key: String, value: String)) {
        let error = #expect(throws: TranscodingError.self) {
            try EncoderProof.prove(Self.rung(.h264, options: [option.key: option.value]), color: .bt709)
        }
        #expect(error?.code == .encoder)
        let name = option.key.hasSuffix("params") ? String(option.value.prefix { $0 != "=" }) : option.key
        #expect(error?.description.contains(name) == true, "\(String(describing: error))")
    }

    @Test(arguments: [(VideoCodec.hevc, "x265-params"), (.av1, "svtav1-params")])
    func unknownParametersOfTheOthers(_ attempt: (codec: VideoCodec, key: String)) {
        #expect(throws: TranscodingError.self) {
            try EncoderProof.prove(Self.rung(attempt.codec, options: [attempt.key: "foo=1"]), color: .bt709)
        }
    }

    @Test func aLevelThatIsTooLowIsAnError() {
        #expect(throws: TranscodingError.self) { try EncoderProof.prove(Self.rung(.h264, level: "1.0"), color: .bt709) }
    }

    /// The profile that a preset asks for is only the highest: without the 8x8 transform a level holds x264 to less (384 kb/s at 1.2).
    @Test func whatTheFastestSpeedMakesIsNoHighStream() throws {
        let cap = RateControl.cappedCRF(crf: Rational(25), cap: RateCap(maxRate: 400_000, bufferSize: 400_000))
        for (speed, level) in [("ultrafast", "1.3"), ("superfast", "1.2")] {
            var rung = SmallTitle.rung(width: 160, height: 90, codec: .h264, control: cap, speed: speed, level: level, options: [:])
            rung.rung.profile = "high"
            try EncoderProof.prove(rung, color: .bt709)
            rung.level = "1.2"
            if speed == "ultrafast" {
                #expect(throws: TranscodingError.self) { try EncoderProof.prove(rung, color: .bt709) }
            }
        }
    }

    @Test func sounds() throws {
        try EncoderProof.prove(AudioFormat(codec: .aac, bitRate: 128_000))
        try EncoderProof.prove(AudioFormat(codec: .opus, bitRate: 96_000))
        #expect(throws: TranscodingError.self) { try EncoderProof.prove(AudioFormat(codec: .opus, bitRate: 96_000, sampleRate: 44_100)) }
    }
}
