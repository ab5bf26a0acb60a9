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
        askedLevel = rung.level
    }

    /// H.264's unit: 16x16 pixels.
    var macroblocks: Int { macroblockColumns * macroblockRows }
    var macroblockColumns: Int { (width + 15) / 16 }
    var macroblockRows: Int { (height + 15) / 16 }
    var samples: Int { width * height }
    var samplesPerSecond: Rational { Rational(Int64(samples)) * frameRate }

    /// cpbBrVclFactor of H.264, table A-2, in thousandths: bits of a profile against those of the table.
    var h264RateFactor: Rational {
        switch profile {
        case "baseline", "main": .one
        case "high10", "high10intra": Rational(3)
        case "high422", "high444", "high444p": Rational(4)
        case .none where bitDepth > 8: Rational(3)
        default: Rational(5, 4)
        }
    }
}
