import MediaModel

/// Plans made by hand.
enum SamplePlan {
    /// Six seconds of 25 fps: three segments, the last chunk one of them.
    static let grid = Grid(frameRate: Rational(25), frames: 150, gopFrames: 50, segmentFrames: 50, chunkStarts: [0, 2])

    static func rung(
        _ name: String, width: Int, height: Int, codec: VideoCodec = .h264, maxRate: Int = 2_000_000, divisor: Int = 1,
        grid: Grid = grid
    ) -> RungPlan {
        RungPlan(
            rung: Rung(
                name: name, codec: codec, encoder: codec.defaultEncoder, width: width, height: height, maxFrameRate: nil,
                rateControl: .cappedCRF(crf: Rational(23), cap: RateCap(maxRate: maxRate, bufferSize: maxRate)),
                speed: "medium", profile: nil, level: nil, bitDepth: 8, options: [:]),
            width: width, height: height, frameDivisor: divisor, frameRate: grid.frameRate / Rational(Int64(divisor)),
            frames: (grid.frames + divisor - 1) / divisor, level: "3.0")
    }

    static func audio(
        _ name: String, codec: AudioCodec = .aac, language: String = "en", label: String = "English",
        role: AudioRole = .main, isDefault: Bool = true
    ) -> AudioPlan {
        AudioPlan(
            name: name, file: nil, stream: 1, format: AudioFormat(codec: codec, bitRate: 128_000), language: language,
            label: label, role: role, isDefault: isDefault)
    }

    static func text(_ name: String, language: String, label: String, role: TextRole) -> TextPlan {
        TextPlan(
            name: name, file: ContentHash("f00d"), language: language, label: label,
            role: role)
    }

    static func plan(
        grid: Grid = grid, rungs: [RungPlan], audio: [AudioPlan] = [], text: [TextPlan] = []
    ) -> AssetPlan {
        AssetPlan(
            id: "night-train", version: "0123456789abcdef",
            source: SourceInfo(
                fingerprint: "beef", byteCount: 1000, container: "mov", declaredDuration: nil, video: nil, audio: [],
                subtitles: [], damage: []),
            presetName: "h264-fast", origin: .zero, grid: grid,
            picture: rungs.isEmpty
                ? nil
                : PicturePlan(
                    deinterlace: false, orientation: .upright, width: 320, height: 180, input: .bt709, output: .bt709),
            rungs: rungs, dropped: [], audio: audio, text: text, images: nil,
            predicted: Prediction(bytes: 0, cpuSeconds: 0, memoryBytes: 0), warnings: ["a warning of the plan"],
            acceptsDamage: false)
    }

    static let provenance = Provenance(
        reelmill: "", preset: "h264-fast",
        libraries: [LibraryIdentity(name: "libavcodec", version: "59.37.100", buildID: "abc123")])
}
