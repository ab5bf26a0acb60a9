import MediaModel

/// Rec. ITU-T H.265, tables A.8 and A.9, Main tier: the one that every player has.
struct HEVCLevel: LevelLimits {
    let name: String
    /// Luma samples of a picture (MaxLumaPs) and per second (MaxLumaSr).
    let samples: Int
    let samplesPerSecond: Int
    /// kb/s and kb (MaxBR, MaxCPB); CpbVclFactor and BrVclFactor are 1000 for Main and Main 10.
    let bitRate: Int
    let buffer: Int

    func broken(by load: StreamLoad, asked: Bool) -> String? {
        // No side longer than the square root of eight pictures (A.4.1).
        let longest = max(load.width, load.height)
        return LevelReason.over(samples, "pixels a picture", needed: load.samples)
            ?? LevelReason.over(8 * samples, "for the longer side's square in pixels", needed: longest * longest)
            ?? LevelReason.over(samplesPerSecond, "pixels a second", needed: load.samplesPerSecond)
            ?? LevelReason.over(bitRate * 1000, "bit/s of maxrate", needed: load.cap.maxRate)
            ?? LevelReason.over(buffer * 1000, "bits of bufsize", needed: load.cap.bufferSize)
    }

    static let all: [HEVCLevel] = [
        HEVCLevel("1.0", 36864, 552_960, 128, 350),
        HEVCLevel("2.0", 122_880, 3_686_400, 1500, 1500),
        HEVCLevel("2.1", 245_760, 7_372_800, 3000, 3000),
        HEVCLevel("3.0", 552_960, 16_588_800, 6000, 6000),
        HEVCLevel("3.1", 983_040, 33_177_600, 10000, 10000),
        HEVCLevel("4.0", 2_228_224, 66_846_720, 12000, 12000),
        HEVCLevel("4.1", 2_228_224, 133_693_440, 20000, 20000),
        HEVCLevel("5.0", 8_912_896, 267_386_880, 25000, 25000),
        HEVCLevel("5.1", 8_912_896, 534_773_760, 40000, 40000),
    ]

    private init(_ name: String, _ samples: Int, _ perSecond: Int, _ bitRate: Int, _ buffer: Int) {
        self.name = name
        self.samples = samples
        samplesPerSecond = perSecond
        self.bitRate = bitRate
        self.buffer = buffer
    }
}
