import MediaModel

/// What an encoder costs at one speed, measured: one thread, 720p, two clips of 3 s, FFmpeg 5.1 with x264 164, x265 3.5 and SVT-AV1 1.4.1,
/// one x86-64 machine. An estimate that says hours or minutes, no promise.
struct EncoderCost {
    /// CPU milliseconds for a million pixels.
    let millisecondsPerMegapixel: Double
    /// Peak bytes for each pixel of the picture.
    let bytesPerPixel: Double

    static func of(_ rung: Rung) -> EncoderCost {
        let table: [String: (Double, Double)] =
            switch rung.encoder {
            case "libx264": x264
            case "libx265": x265
            case "libsvtav1": svtav1
            default: [:]
            }
        let (time, memory) = table[rung.speed] ?? fallback(rung.encoder)
        // Ten bits are two bytes in memory, and about a fifth slower.
        return rung.bitDepth > 8
            ? EncoderCost(millisecondsPerMegapixel: time * 1.2, bytesPerPixel: memory * 1.6)
            : EncoderCost(millisecondsPerMegapixel: time, bytesPerPixel: memory)
    }

    private static func fallback(_ encoder: String) -> (Double, Double) {
        switch encoder {
        case "libx264": (31, 187)
        case "libx265": (56, 200)
        default: (100, 200)
        }
    }

    private static let x264: [String: (Double, Double)] = [
        "ultrafast": (4, 10), "superfast": (8, 45), "veryfast": (11, 80), "faster": (20, 115), "fast": (26, 150),
        "medium": (31, 187), "slow": (45, 225), "slower": (76, 280), "veryslow": (139, 385), "placebo": (500, 500),
    ]
    private static let x265: [String: (Double, Double)] = [
        "ultrafast": (19, 115), "superfast": (26, 135), "veryfast": (35, 175), "faster": (40, 175), "fast": (52, 175),
        "medium": (56, 200), "slow": (130, 225), "slower": (300, 300), "veryslow": (500, 350), "placebo": (1000, 450),
    ]
    private static let svtav1: [String: (Double, Double)] = [
        "13": (8, 140), "12": (11, 155), "11": (17, 165), "10": (26, 180), "9": (40, 182), "8": (64, 185), "7": (93, 195),
        "6": (130, 200), "5": (300, 235), "4": (500, 250), "3": (1000, 270), "2": (2000, 300), "1": (3000, 330), "0": (4000, 350),
    ]
}
