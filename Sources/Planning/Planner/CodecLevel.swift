import MediaModel

/// One level of a codec, able to say what it cannot hold.
protocol LevelLimits {
    /// As written in a preset and declared in the stream, such as `4.1`.
    var name: String { get }
    /// The first limit that a stream breaks, as half a sentence; nil where it holds.
    /// - Parameter asked: true where a person chose the level, and the encoder keeps within it what it can (reference frames).
    func broken(by load: StreamLoad, asked: Bool) -> String?
}

/// Finds the lowest level that holds a rung, or checks the one that the preset names.
enum CodecLevel {
    static func level(for load: StreamLoad, operation: String) throws(PlanningError) -> String {
        let levels = levels(of: load.codec)
        let fitting = levels.first { $0.broken(by: load, asked: false) == nil }
        guard let asked = load.askedLevel else {
            if let fitting { return fitting.name }
            throw tooLarge(load, highest: levels[levels.count - 1], operation)
        }
        guard let level = levels.first(where: { $0.name == normalized(asked) }) else {
            throw PlanningError(
                .level, operation: operation,
                detail: "rung \(load.name): level \(asked) is none of \(load.codec.rawValue)'s up to Apple's limit: "
                    + "write one of \(levels.map(\.name).joined(separator: ", ")), or leave 'level' out")
        }
        if let reason = level.broken(by: load, asked: true) {
            let way = fitting.map { "write \($0.name), or leave 'level' out" } ?? "lower the rung's size, rate or maxrate"
            throw PlanningError(.level, operation: operation, detail: "\(subject(load)): level \(level.name) \(reason); \(way)")
        }
        return level.name
    }

    /// Lowest first, up to what Apple's HLS authoring specification allows: H.264 5.2 (1.3), HEVC 5.1 (1.6), AV1 6.2 (1.37).
    private static func levels(of codec: VideoCodec) -> [any LevelLimits] {
        switch codec {
        case .h264: H264Level.all
        case .hevc: HEVCLevel.all
        case .av1: AV1Level.all
        }
    }

    /// `4`, `4.0` and `41` are ways in which people write levels.
    private static func normalized(_ text: String) -> String {
        guard !text.contains("."), let number = Int(text) else { return text }
        return number < 10 ? "\(number).0" : "\(number / 10).\(number % 10)"
    }

    private static func tooLarge(_ load: StreamLoad, highest: any LevelLimits, _ operation: String) -> PlanningError {
        let reason = highest.broken(by: load, asked: false) ?? "does not hold it"
        return PlanningError(
            .level, operation: operation,
            detail: "\(subject(load)): even \(load.codec.rawValue)'s highest level for HLS, \(highest.name), \(reason); "
                + "lower the rung's size, rate or maxrate")
    }

    private static func subject(_ load: StreamLoad) -> String {
        "rung \(load.name) (\(load.width)x\(load.height) at \(PlanText.frameRate(load.frameRate)) fps)"
    }
}

/// The words of a broken limit.
enum LevelReason {
    static func over(_ limit: Int, _ unit: String, needed: Int) -> String? {
        needed > limit ? "allows \(limit) \(unit), \(needed) are needed" : nil
    }

    static func over(_ limit: Int, _ unit: String, needed: Rational) -> String? {
        over(limit, unit, needed: Int(needed.ceiling))
    }
}
