import MediaModel

/// What an encoder's settings may be, as far as it can be told without opening it.
struct EncoderFacts: Sendable {
    var codec: VideoCodec
    /// libavcodec's name.
    var name: String
    var speeds: [String]
    var standardSpeed: String
    /// Bit depths that each profile holds (4:2:0 only).
    var profiles: [(name: String, bitDepths: [Int])]
    /// As the codec's specification numbers them, in the form that presets are resolved to.
    var levels: [String]
    var crf: ClosedRange<Rational>
    var bitDepths: [Int]
    var offersTwoPass: Bool
    /// Options that the preset's own keys or the engine set, and what to do instead.
    var reserved: [String: String]
    /// The option that holds the encoder's own parameters, `name=value` joined by colons.
    var parameters: String
    /// Parameters in it that are reserved likewise.
    var reservedParameters: [String: String]

    static func of(_ codec: VideoCodec) -> EncoderFacts {
        switch codec {
        case .h264: x264
        case .hevc: x265
        case .av1: svtAV1
        }
    }

    /// The level in the form of `levels`: `4` is `4.0`.
    func level(_ text: String) -> String? {
        let full = text.count == 1 ? "\(text).0" : text
        return levels.contains(full) ? full : levels.contains(text) ? text : nil
    }

    private static let speeds = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
    ]

    /// All three encoders give other bytes from run to run with more, under a cap.
    private static let oneThread = "each encoder has one thread, so that its bytes are always the same"

    /// libavcodec's options that belong to keys of the preset or to the engine, whatever the encoder.
    private static let common = [
        "b": "use bit_rate", "ab": "use bit_rate", "crf": "use crf", "qp": "use crf", "maxrate": "use max_rate",
        "bufsize": "use buffer_size",
        "rc_init_occupancy": "every chunk begins with its buffer half full", "preset": "use speed", "profile": "use profile",
        "level": "use level", "threads": oneThread, "g": "use gop_seconds", "keyint_min": "use gop_seconds",
        "pass": "use bit_rate, which is two-pass", "passlogfile": "the engine sets it", "stats": "the engine sets it",
        "flags": "the engine sets it", "forced-idr": "the engine sets it", "pix_fmt": "use bit_depth", "r": "use max_frame_rate",
    ]

    private static let x264 = EncoderFacts(
        codec: .h264, name: "libx264", speeds: speeds, standardSpeed: "medium",
        profiles: [("baseline", [8]), ("main", [8]), ("high", [8]), ("high10", [8, 10])],
        levels: [
            "1.0", "1b", "1.1", "1.2", "1.3", "2.0", "2.1", "2.2", "3.0", "3.1", "3.2", "4.0", "4.1", "4.2", "5.0", "5.1", "5.2", "6.0",
            "6.1", "6.2",
        ],
        crf: Rational(1)...Rational(51), bitDepths: [8, 10], offersTwoPass: true, reserved: common,
        parameters: "x264-params",
        reservedParameters: [
            "crf": "use crf", "qp": "use crf", "bitrate": "use bit_rate", "vbv-maxrate": "use max_rate",
            "vbv-bufsize": "use buffer_size", "vbv-init": "every chunk begins with its buffer half full",
            "keyint": "use gop_seconds", "min-keyint": "use gop_seconds", "scenecut": "key frames stand on the grid only",
            "open-gop": "GOPs are closed", "intra-refresh": "segments begin with an IDR frame", "threads": oneThread,
            "sliced-threads": "it would change with the machine", "pass": "use bit_rate, which is two-pass",
            "stats": "the engine sets it", "stitchable": "the engine sets it", "level": "use level", "level-idc": "use level",
            "profile": "use profile", "preset": "use speed", "fps": "use max_frame_rate", "force-cfr": "the engine sets it",
        ])

    private static let x265 = EncoderFacts(
        codec: .hevc, name: "libx265", speeds: speeds, standardSpeed: "medium",
        profiles: [("main", [8]), ("main10", [8, 10])],
        levels: ["1.0", "2.0", "2.1", "3.0", "3.1", "4.0", "4.1", "5.0", "5.1", "5.2", "6.0", "6.1", "6.2"],
        crf: Rational(1)...Rational(51), bitDepths: [8, 10], offersTwoPass: true, reserved: common,
        parameters: "x265-params",
        reservedParameters: [
            "crf": "use crf", "qp": "use crf", "bitrate": "use bit_rate", "vbv-maxrate": "use max_rate",
            "vbv-bufsize": "use buffer_size", "vbv-init": "every chunk begins with its buffer half full",
            "keyint": "use gop_seconds", "min-keyint": "use gop_seconds", "scenecut": "key frames stand on the grid only",
            "open-gop": "GOPs are closed", "pools": "it would change with the machine", "frame-threads": oneThread,
            "pass": "use bit_rate, which is two-pass", "stats": "the engine sets it", "level-idc": "use level",
            "profile": "use profile", "preset": "use speed", "info": "the engine sets it", "log-level": "the engine sets it",
            "fps": "use max_frame_rate", "repeat-headers": "the engine sets it", "annexb": "the engine sets it",
        ])

    private static let svtAV1 = EncoderFacts(
        codec: .av1, name: "libsvtav1", speeds: (0...13).map(String.init), standardSpeed: "8",
        profiles: [("main", [8, 10])],
        levels: [
            "2.0", "2.1", "2.2", "2.3", "3.0", "3.1", "3.2", "3.3", "4.0", "4.1", "4.2", "4.3", "5.0", "5.1", "5.2", "5.3", "6.0", "6.1",
            "6.2", "6.3",
        ],
        crf: Rational(1)...Rational(63), bitDepths: [8, 10], offersTwoPass: false, reserved: common,
        parameters: "svtav1-params",
        reservedParameters: [
            "crf": "use crf", "qp": "use crf", "rc": "use crf", "tbr": "use bit_rate", "mbr": "use max_rate",
            "buf-sz": "use buffer_size", "keyint": "use gop_seconds", "scd": "key frames stand on the grid only",
            "irefresh-type": "GOPs are closed", "lp": oneThread,
            "pass": "SVT-AV1 offers no second pass here", "passes": "SVT-AV1 offers no second pass here", "level": "use level",
            "profile": "use profile", "preset": "use speed",
            "input-depth": "use bit_depth",
        ])
}
