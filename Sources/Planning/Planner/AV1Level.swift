import MediaModel

/// AV1 bitstream and decoding process specification, A.3, Main tier.
struct AV1Level: LevelLimits {
    let name: String
    /// MaxPicSize, MaxHSize, MaxVSize, in pixels.
    let samples: Int
    let width: Int
    let height: Int
    /// MaxDisplayRate, in pixels per second.
    let samplesPerSecond: Int
    /// MainMbps, in kb/s. The buffer holds one second of it (MaxBufferSize).
    let bitRate: Int

    func broken(by load: StreamLoad, asked: Bool) -> String? {
        LevelReason.over(samples, "pixels a picture", needed: load.samples)
            ?? LevelReason.over(width, "pixels of width", needed: load.width)
            ?? LevelReason.over(height, "pixels of height", needed: load.height)
            ?? LevelReason.over(samplesPerSecond, "pixels a second", needed: load.samplesPerSecond)
            ?? LevelReason.over(bitRate * 1000, "bit/s of maxrate", needed: load.cap.maxRate)
            ?? LevelReason.over(bitRate * 1000, "bits of bufsize", needed: load.cap.bufferSize)
    }

    static let all: [AV1Level] = [
        AV1Level("2.0", 147_456, 2048, 1152, 4_423_680, 1500),
        AV1Level("2.1", 278_784, 2816, 1584, 8_363_520, 3000),
        AV1Level("3.0", 665_856, 4352, 2448, 19_975_680, 6000),
        AV1Level("3.1", 1_065_024, 5504, 3096, 31_950_720, 10000),
        AV1Level("4.0", 2_359_296, 6144, 3456, 70_778_880, 12000),
        AV1Level("4.1", 2_359_296, 6144, 3456, 141_557_760, 20000),
        AV1Level("5.0", 8_912_896, 8192, 4352, 267_386_880, 30000),
        AV1Level("5.1", 8_912_896, 8192, 4352, 534_773_760, 40000),
        AV1Level("5.2", 8_912_896, 8192, 4352, 1_069_547_520, 60000),
        AV1Level("6.0", 35_651_584, 16384, 8704, 1_069_547_520, 60000),
        AV1Level("6.1", 35_651_584, 16384, 8704, 2_139_095_040, 100_000),
        AV1Level("6.2", 35_651_584, 16384, 8704, 4_278_190_080, 160_000),
    ]

    private init(_ name: String, _ samples: Int, _ width: Int, _ height: Int, _ perSecond: Int, _ bitRate: Int) {
        self.name = name
        self.samples = samples
        self.width = width
        self.height = height
        samplesPerSecond = perSecond
        self.bitRate = bitRate
    }
}
