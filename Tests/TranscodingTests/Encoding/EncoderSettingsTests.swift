import Libav
import MediaModel
import Testing

@testable import Transcoding

/// The words that encoders are driven by, without opening one.
@Suite struct EncoderSettingsTests {
    private static let cap = RateCap(maxRate: 4_500_000, bufferSize: 6_000_000)
    private static let twoPass = RateControl.twoPass(bitRate: 3_000_000, cap: cap)

    private static func rung(_ codec: VideoCodec, _ control: RateControl? = nil, options: [String: String] = [:]) -> RungPlan {
        SmallTitle.rung(
            "720p", codec: codec, control: control ?? .cappedCRF(crf: Rational(45, 2), cap: cap), speed: codec == .av1 ? "8" : "medium",
            level: "4.0", options: options)
    }

    private func words(_ plan: RungPlan, _ pass: EncoderSettings.Pass = .single) throws -> (
        options: [String: String], parameters: [String: String]
    ) {
        let settings = try EncoderSettings(plan, gopFrames: 48, pass: pass)
        let options = Dictionary(settings.options, uniquingKeysWith: { $0 + "|" + $1 })
        let key = try #require(options.keys.first { $0.hasSuffix("-params") })
        let parameters = try #require(options[key]).split(separator: ":").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return (options, Dictionary(parameters.map { ($0[0], $0[1]) }, uniquingKeysWith: { $0 + "|" + $1 }))
    }

    @Test func x264UnderACappedRateFactor() throws {
        let (options, parameters) = try words(Self.rung(.h264))
        #expect(options["crf"] == "22.5")
        #expect(options["preset"] == "medium" && options["level"] == "4.0")
        #expect(options["maxrate"] == "4500000" && options["bufsize"] == "6000000")
        #expect(options["b"] == nil)
        let wanted = ["keyint": "48", "min-keyint": "48", "scenecut": "0", "open-gop": "0", "stitchable": "1", "vbv-init": "0.5"]
        for (name, value) in wanted { #expect(parameters[name] == value, "\(name)") }
    }

    @Test(arguments: [(1920, true), (1280, true), (768, true), (640, true), (960, false), (416, false), (720, false)])
    func x264MayUseAllThatTheMachineHasWhereItsBytesAreTheSame(width: Int, isFull: Bool) throws {
        var rung = Self.rung(.h264)
        rung.width = width
        let wanted = isFull || !Processor.hasAVX512 ? nil : "avx2"
        #expect(try words(rung).parameters["asm"] == wanted)
    }

    @Test func x265KeepsOutTheMachineAndTheLog() throws {
        let (options, parameters) = try words(Self.rung(.hevc))
        #expect(options["crf"] == "22.5")
        let wanted = [
            "pools": "none", "frame-threads": "1", "info": "0", "open-gop": "0", "keyint": "48", "scenecut": "0", "log-level": "none",
            "vbv-maxrate": "4500", "vbv-bufsize": "6000", "vbv-init": "0.5", "level-idc": "4.0",
        ]
        for (name, value) in wanted { #expect(parameters[name] == value, "\(name)") }
    }

    @Test func svtAV1() throws {
        let (options, parameters) = try words(Self.rung(.av1))
        #expect(options["g"] == "48" && options["preset"] == "8")
        #expect(options["maxrate"] == "4500000")
        #expect(parameters["lp"] == "1")
    }

    @Test(arguments: [VideoCodec.h264, .hevc])
    func twoPasses(_ codec: VideoCodec) throws {
        let first = try words(Self.rung(codec, Self.twoPass), .first(statistics: "/tmp/statistics"))
        #expect(first.parameters["pass"] == "1" && first.parameters["stats"] == "/tmp/statistics")
        // What a chunk costs at a constant quality is its share of the bits.
        #expect(first.options["crf"] != nil && first.options["b"] == nil)
        let second = try words(Self.rung(codec, Self.twoPass), .second(statistics: "/tmp/statistics", bitRate: 2_500_000))
        #expect(second.parameters["pass"] == "2" && second.parameters["stats"] == "/tmp/statistics")
        #expect(second.options["b"] == "2500000" && second.options["crf"] == nil)
        for same in ["keyint", "open-gop", "vbv-init"] { #expect(first.parameters[same] == second.parameters[same]) }
    }

    @Test func aFirstPassIsQuickUnlessThePresetSaysOtherwise() throws {
        let options = try words(Self.rung(.h264, Self.twoPass), .first(statistics: "x")).options
        #expect(options["subq"] == "2" && options["refs"] == "1")
        let own = try EncoderSettings(
            Self.rung(.h264, Self.twoPass, options: ["subq": "9"]), gopFrames: 48, pass: .first(statistics: "x"))
        #expect(own.options.last { $0.0 == "subq" }?.1 == "9")
        let second = try words(Self.rung(.h264, Self.twoPass), .second(statistics: "x", bitRate: 1)).options
        #expect(second["subq"] == nil)
    }

    @Test func aPassThatDoesNotFitTheRateControlIsAnError() {
        #expect(throws: TranscodingError.self) { try words(Self.rung(.h264), .first(statistics: "x")) }
        #expect(throws: TranscodingError.self) { try words(Self.rung(.h264, Self.twoPass)) }
        let error = #expect(throws: TranscodingError.self) { try words(Self.rung(.av1, Self.twoPass), .first(statistics: "x")) }
        #expect(error?.code == .unsupported)
        #expect(error?.description.contains("libsvtav1") == true)
    }

    @Test func thePresetsOwnParametersAreAdded() throws {
        let (options, parameters) = try words(Self.rung(.h264, options: ["x264-params": "aq-mode=3:no-mbtree", "tune": "film"]))
        #expect(options["tune"] == "film")
        #expect(parameters["aq-mode"] == "3" && parameters["no-mbtree"] == "1")
        #expect(parameters["keyint"] == "48")
    }

    @Test(arguments: [
        (VideoCodec.h264, "x264-params", "keyint"), (.h264, "x264-params", "stitchable"), (.hevc, "x265-params", "frame-threads"),
        (.hevc, "x265-params", "info"), (.av1, "svtav1-params", "lp"),
    ])
    func aReservedParameterIsNamed(_ attempt: (codec: VideoCodec, key: String, name: String)) {
        let error = #expect(throws: TranscodingError.self) {
            try words(Self.rung(attempt.codec, options: [attempt.key: "\(attempt.name)=7"]))
        }
        #expect(error?.detail.contains("\(attempt.key): '\(attempt.name)'") == true)
        #expect(error?.description.contains("720p") == true)
    }

    @Test func anUnknownEncoderIsRefused() {
        var plan = Self.rung(.h264)
        plan.rung.encoder = "libvpx-vp9"
        let error = #expect(throws: TranscodingError.self) { try words(plan) }
        #expect(error?.description.contains("libvpx-vp9") == true)
    }

    @Test func aPathIsOneWordWhateverItHolds() throws {
        let settings = try EncoderSettings(Self.rung(.h264, Self.twoPass), gopFrames: 48, pass: .first(statistics: "/films: one's/a=b"))
        let parameters = try #require(settings.options.last { $0.0 == "x264-params" }?.1)
        #expect(parameters.hasSuffix(#"stats=/films\: one\'s/a=b"#), "\(parameters)")
    }
}
