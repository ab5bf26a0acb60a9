import MediaModel

/// Rec. ITU-T H.264, table A-1.
struct H264Level: LevelLimits {
    let name: String
    /// Macroblocks per second (MaxMBPS), of a frame (MaxFS), of all reference frames (MaxDpbMbs).
    let macroblocksPerSecond: Int
    let macroblocks: Int
    let bufferedMacroblocks: Int
    /// kb/s and kb, before the profile's factor (MaxBR, MaxCPB).
    let bitRate: Int
    let buffer: Int

    /// What x264's `medium` uses, with one to spare; with a level given it takes fewer where the level allows fewer.
    private static let references = 4

    func broken(by load: StreamLoad, asked: Bool) -> String? {
        // No side longer than the square root of eight frames (A.3.1 h).
        let longest = max(load.macroblockColumns, load.macroblockRows)
        let references = asked ? 1 : Self.references
        return LevelReason.over(macroblocks, "macroblocks a frame", needed: load.macroblocks)
            ?? LevelReason.over(8 * macroblocks, "for the longer side's square in macroblocks", needed: longest * longest)
            ?? LevelReason.over(
                macroblocksPerSecond, "macroblocks a second", needed: Rational(Int64(load.macroblocks)) * load.frameRate)
            ?? LevelReason.over(bufferedMacroblocks, "macroblocks of reference frames", needed: references * load.macroblocks)
            ?? LevelReason.over(scaled(bitRate, load), "bit/s of maxrate", needed: load.cap.maxRate)
            ?? LevelReason.over(scaled(buffer, load), "bits of bufsize", needed: load.cap.bufferSize)
    }

    private func scaled(_ kilobits: Int, _ load: StreamLoad) -> Int {
        Int((Rational(Int64(kilobits) * 1000) * load.h264RateFactor).floor)
    }

    static let all: [H264Level] = [
        H264Level("1.0", 1485, 99, 396, 64, 175),
        H264Level("1.1", 3000, 396, 900, 192, 500),
        H264Level("1.2", 6000, 396, 2376, 384, 1000),
        H264Level("1.3", 11880, 396, 2376, 768, 2000),
        H264Level("2.0", 11880, 396, 2376, 2000, 2000),
        H264Level("2.1", 19800, 792, 4752, 4000, 4000),
        H264Level("2.2", 20250, 1620, 8100, 4000, 4000),
        H264Level("3.0", 40500, 1620, 8100, 10000, 10000),
        H264Level("3.1", 108_000, 3600, 18000, 14000, 14000),
        H264Level("3.2", 216_000, 5120, 20480, 20000, 20000),
        H264Level("4.0", 245_760, 8192, 32768, 20000, 25000),
        H264Level("4.1", 245_760, 8192, 32768, 50000, 62500),
        H264Level("4.2", 522_240, 8704, 34816, 50000, 62500),
        H264Level("5.0", 589_824, 22080, 110_400, 135_000, 135_000),
        H264Level("5.1", 983_040, 36864, 184_320, 240_000, 240_000),
        H264Level("5.2", 2_073_600, 36864, 184_320, 240_000, 240_000),
    ]

    private init(_ name: String, _ perSecond: Int, _ frame: Int, _ buffered: Int, _ bitRate: Int, _ buffer: Int) {
        self.name = name
        macroblocksPerSecond = perSecond
        macroblocks = frame
        bufferedMacroblocks = buffered
        self.bitRate = bitRate
        self.buffer = buffer
    }
}
