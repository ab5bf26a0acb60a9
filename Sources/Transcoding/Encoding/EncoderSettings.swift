import Libav
import MediaModel

/// What a rung asks of its encoder, in the encoder's own words: pure, the same on every machine, whatever the number of workers.
struct EncoderSettings: Hashable {
    /// Which of two passes, and where its statistics lie.
    enum Pass: Hashable {
        case single
        /// Measures only: writes statistics to the path.
        case first(statistics: String)
        /// Spends `bitRate` (bits per second, this chunk's share of the title's) by the statistics at the path.
        case second(statistics: String, bitRate: Int)
    }

    let encoder: String
    let options: [(String, String)]

    static func == (a: EncoderSettings, b: EncoderSettings) -> Bool {
        a.encoder == b.encoder && a.options.elementsEqual(b.options, by: ==)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(encoder) }

    /// - Parameters:
    ///   - plan: the rung, fitted to its source.
    ///   - gopFrames: of the rung's own frames from one IDR frame to the next.
    ///   - coarser: added to the preset's constant rate factor, by who found that the encoder does not keep to its cap.
    init(_ plan: RungPlan, gopFrames: Int, pass: Pass, coarser: Int = 0) throws(TranscodingError) {
        encoder = plan.rung.encoder
        switch encoder {
        case "libx264": options = try EncoderSettings.x264(plan, gopFrames, pass)
        case "libx265": options = try EncoderSettings.x265(plan, gopFrames, pass)
        case "libsvtav1": options = try EncoderSettings.svtav1(plan, gopFrames, pass, coarser)
        default:
            throw TranscodingError(
                .unsupported, "encode the rung '\(plan.rung.name)'",
                "the encoder '\(encoder)' is not one that Reelmill knows to drive exactly; use libx264, libx265 or libsvtav1")
        }
    }

    // MARK: Encoders

    private static func x264(_ plan: RungPlan, _ gop: Int, _ pass: Pass) throws(TranscodingError) -> [(String, String)] {
        let rung = plan.rung
        var parameters = [
            // One parameter set for all chunks, whatever their bit rate.
            ("stitchable", "1"), ("keyint", "\(gop)"), ("min-keyint", "\(gop)"), ("scenecut", "0"), ("open-gop", "0"),
            ("vbv-init", startFullness),
        ]
        // x264's macroblock tree reads memory that nobody wrote where AVX-512 does it and a row is no multiple of eight macroblocks
        // (core 164): two runs of one process differ. AVX2 does the same every time, but on some machines it takes 8 % more.
        if Processor.hasAVX512, !((plan.width + 15) / 16).isMultiple(of: 8) { parameters.append(("asm", "avx2")) }
        var options = [("preset", rung.speed), ("level", plan.level)]
        if let profile = rung.profile { options.append(("profile", profile)) }
        options += cap(rung)
        switch (rung.rateControl, pass) {
        case (.cappedCRF(let crf, _), .single): options.append(("crf", decimal(crf)))
        case (.twoPass, .first(let path)):
            // Statistics at a constant quality: what each chunk costs tells what share of the bits it gets.
            options.append(("crf", "23"))
            parameters += [("pass", "1"), ("stats", oneWord(path))]
            if !["ultrafast", "superfast"].contains(rung.speed) { options += quick }
        case (.twoPass, .second(let path, let bitRate)):
            options.append(("b", "\(bitRate)"))
            parameters += [("pass", "2"), ("stats", oneWord(path))]
        default: throw mismatch(rung)
        }
        return try options + merged(rung, "x264-params", parameters)
    }

    /// What a picture costs is told without fine motion. libavcodec's own flag for a first pass goes further and takes the 8x8 transform
    /// away, and with it the profile by which the level was chosen. The fastest presets are quicker still by themselves.
    private static let quick = [("refs", "1"), ("motion-est", "dia"), ("subq", "2"), ("trellis", "0")]

    private static func x265(_ plan: RungPlan, _ gop: Int, _ pass: Pass) throws(TranscodingError) -> [(String, String)] {
        let rung = plan.rung
        var parameters = [
            // More threads would change the bytes from run to run; `info` would write the options and the CPU's features into them.
            ("pools", "none"), ("frame-threads", "1"), ("info", "0"), ("open-gop", "0"), ("keyint", "\(gop)"),
            ("min-keyint", "\(gop)"), ("scenecut", "0"), ("vbv-maxrate", "\(rung.rateControl.cap.maxRate / 1000)"),
            ("vbv-bufsize", "\(rung.rateControl.cap.bufferSize / 1000)"), ("vbv-init", startFullness), ("level-idc", plan.level),
            ("high-tier", "0"), ("log-level", "none"),
        ]
        var options = [("preset", rung.speed)]
        if let profile = rung.profile { options.append(("profile", profile)) }
        switch (rung.rateControl, pass) {
        case (.cappedCRF(let crf, _), .single): options.append(("crf", decimal(crf)))
        case (.twoPass, .first(let path)):
            options.append(("crf", "26"))
            parameters += [("pass", "1"), ("stats", oneWord(path))]
        case (.twoPass, .second(let path, let bitRate)):
            options.append(("b", "\(bitRate)"))
            parameters += [("pass", "2"), ("stats", oneWord(path))]
        default: throw mismatch(rung)
        }
        return try options + merged(rung, "x265-params", parameters)
    }

    private static func svtav1(_ plan: RungPlan, _ gop: Int, _ pass: Pass, _ coarser: Int) throws(TranscodingError) -> [(String, String)] {
        let rung = plan.rung
        guard case .cappedCRF(let crf, let cap) = rung.rateControl, pass == .single else { throw mismatch(rung) }
        let options = [
            ("preset", rung.speed), ("crf", decimal(min(crf + Rational(Int64(coarser)), Rational(63)))), ("g", "\(gop)"),
            ("maxrate", "\(cap.maxRate)"), ("bufsize", "\(cap.bufferSize)"),
        ]
        return try options + merged(rung, "svtav1-params", [("lp", "1"), ("scd", "0")])
    }

    // MARK: Words

    /// Every chunk starts the rate buffer anew: begun half full, the joins never underflow it.
    private static let startFullness = "0.5"

    private static func cap(_ rung: Rung) -> [(String, String)] {
        [("maxrate", "\(rung.rateControl.cap.maxRate)"), ("bufsize", "\(rung.rateControl.cap.bufferSize)")]
    }

    private static func mismatch(_ rung: Rung) -> TranscodingError {
        TranscodingError(.unsupported, "encode the rung '\(rung.name)'", "'\(rung.encoder)' has no two-pass rate control here; use crf")
    }

    /// Ours and the preset's parameters in one string; what the grid and reproducibility stand on cannot be overridden.
    private static func merged(
        _ rung: Rung, _ key: String, _ ours: [(String, String)]
    ) throws(TranscodingError) -> [(String, String)] {
        var parameters = ours
        var others: [(String, String)] = []
        for (option, value) in rung.options.sorted(by: { $0.key < $1.key }) {
            guard option == key else {
                others.append((option, value))
                continue
            }
            for part in value.split(separator: ":") {
                let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
                if ours.contains(where: { $0.0 == pair[0] }) {
                    throw TranscodingError(
                        .encoder, "encode the rung '\(rung.name)'",
                        "\(key): '\(pair[0])' is set by Reelmill, because segments and reproducible bytes stand on it")
                }
                parameters.append((pair[0], pair.count > 1 ? pair[1] : "1"))
            }
        }
        return others + [(key, parameters.map { "\($0.0)=\($0.1)" }.joined(separator: ":"))]
    }

    /// A parameter's value as libavutil reads it back: a path may hold colons and quotes.
    private static func oneWord(_ value: String) -> String {
        value.map { [":", "'", "\\"].contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    /// Encoders read decimals: at most three places.
    private static func decimal(_ value: Rational) -> String {
        let thousandths = (value * Rational(1000)).rounded
        return value.denominator == 1 ? "\(value.numerator)" : "\(Double(thousandths) / 1000)"
    }
}
