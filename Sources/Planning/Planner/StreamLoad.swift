import MediaModel

/// What a stream asks of a decoder: the figures that a level limits.
struct StreamLoad {
    let name: String
    let codec: VideoCodec
    let width: Int
    let height: Int
    let frameRate: Rational
    let cap: RateCap
    let profile: String?
    let bitDepth: Int
    /// H.264's tool that makes a stream a High one.
    private let hasLargeTransform: Bool
    /// As the preset names it; nil: to be computed.
    let askedLevel: String?

    init(_ rung: Rung, width: Int, height: Int, frameRate: Rational) {
        name = rung.name
        codec = rung.codec
        self.width = width
        self.height = height
        self.frameRate = frameRate
        cap = rung.rateControl.cap
        profile = rung.profile
        bitDepth = rung.bitDepth
        hasLargeTransform = X264Transform.isLarge(speed: rung.speed, options: rung.options)
        askedLevel = rung.level
    }

    /// H.264's unit: 16x16 pixels.
    var macroblocks: Int { macroblockColumns * macroblockRows }
    var macroblockColumns: Int { (width + 15) / 16 }
    var macroblockRows: Int { (height + 15) / 16 }
    var samples: Int { width * height }
    var samplesPerSecond: Rational { Rational(Int64(samples)) * frameRate }

    /// cpbBrVclFactor of H.264, table A-2, in thousandths: bits of a profile against those of the table. The profile is the one that x264
    /// writes into the stream and holds it to, which follows from what it uses; the preset's is only the highest that it may be.
    var h264RateFactor: Rational {
        if bitDepth > 8 { return Rational(3) }
        let isCapped = profile == "baseline" || profile == "main"
        return isCapped || !hasLargeTransform ? .one : Rational(5, 4)
    }
}

/// Whether x264 may transform 8x8 samples at once (`8x8dct`). Of what it does at 8 bits and 4:2:0, only this and matrices other than flat
/// make it declare High; without, it declares Main or Baseline, whatever the preset says.
enum X264Transform {
    /// Every speed has it but the fastest; libavcodec's option goes before the speed, x264's own parameters before both. Where these
    /// contradict themselves, it counts as off: the level is then at most too high.
    static func isLarge(speed: String, options: [String: String]) -> Bool {
        let parameters = ["x264-params", "x264opts"].flatMap { (options[$0] ?? "").split(separator: ":") }.compactMap(answer)
        guard parameters.isEmpty else { return parameters.allSatisfy { $0 } }
        return options["8x8dct"].map { $0 == "1" || $0 == "true" } ?? (speed != "ultrafast")
    }

    private static func answer(_ parameter: Substring) -> Bool? {
        let parts = parameter.split(separator: "=", maxSplits: 1).map { $0.lowercased().replacing("_", with: "-") }
        guard let name = parts.first else { return nil }
        let isOn = parts.count < 2 || ["1", "true", "yes"].contains(parts[1])
        switch name {
        case "8x8dct": return isOn
        case "no-8x8dct", "no8x8dct": return !isOn
        default: return nil
        }
    }
}
