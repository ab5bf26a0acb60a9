import MediaModel

/// The preset's ladder, fitted to one picture: what is kept, at which size and rate, and why the rest is not.
struct FittedLadder {
    /// A rung that is kept.
    struct Step {
        var rung: Rung
        var width: Int
        var height: Int
        /// Of the source's full rate.
        var divisor: Int
    }

    private(set) var steps: [Step]
    private(set) var dropped: [DroppedRung]
    /// Frames per second of the whole source.
    let fullRate: Rational

    static let empty = FittedLadder(steps: [], dropped: [], fullRate: FrameRates.soundRuler)

    /// A source up to this much smaller than a rung keeps it, at the source's own size: 1912x1072 is a 1080p master.
    private static let hairSmaller = Rational(102, 100)

    private init(steps: [Step], dropped: [DroppedRung], fullRate: Rational) {
        self.steps = steps
        self.dropped = dropped
        self.fullRate = fullRate
    }

    init(_ preset: Preset, picture: PicturePlan, video: VideoTrackInfo, operation: String) throws(PlanningError) {
        self.init(steps: [], dropped: [], fullRate: FrameRates.full(of: video, gopDuration: preset.gopDuration))
        for rung in preset.rungs { place(rung, picture) }
        if steps.isEmpty { try keepSmallest(of: preset, picture, operation) }
        dropTwins()
        let order = Dictionary(preset.rungs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: min)
        dropped.sort { order[$0.name, default: 0] < order[$1.name, default: 0] }
    }

    private mutating func place(_ rung: Rung, _ picture: PicturePlan) {
        let box = PictureGeometry.box(rung.width, rung.height, for: (picture.width, picture.height))
        let scale = PictureGeometry.scale(of: picture.width, picture.height, into: box)
        guard scale <= Self.hairSmaller else {
            return drop(rung, "larger than the source (\(picture.width)x\(picture.height))")
        }
        let size = PictureGeometry.size(of: picture.width, picture.height, scaledBy: min(scale, .one))
        let least = EncoderMinimum.side(of: rung.encoder)
        guard min(size.width, size.height) >= least else {
            return drop(rung, "\(size.width)x\(size.height) is less than \(rung.encoder) can encode (\(least)x\(least))")
        }
        add(rung, size.width, size.height)
    }

    /// A source below the whole ladder is encoded as it is, once.
    private mutating func keepSmallest(of preset: Preset, _ picture: PicturePlan, _ operation: String) throws(PlanningError) {
        let able = preset.rungs.filter { EncoderMinimum.side(of: $0.encoder) <= min(picture.width, picture.height) }
        guard let smallest = able.min(by: { Self.weight($0) < Self.weight($1) }) else {
            let reasons = preset.rungs.map { "\($0.encoder) needs \(EncoderMinimum.side(of: $0.encoder))" }
            throw PlanningError(
                .size, operation: operation,
                detail: "the picture (\(picture.width)x\(picture.height)) is too small for every rung of preset \(preset.name) "
                    + "(\(Set(reasons).sorted().joined(separator: ", ")) pixels a side); use a preset with libx264")
        }
        dropped.removeAll { $0.name == smallest.name }
        add(smallest, picture.width, picture.height)
    }

    private mutating func add(_ rung: Rung, _ width: Int, _ height: Int) {
        let divisor = FrameRates.divisor(of: fullRate, cap: rung.maxFrameRate)
        steps.append(Step(rung: rung, width: width, height: height, divisor: divisor))
    }

    private mutating func drop(_ rung: Rung, _ reason: String) {
        dropped.append(DroppedRung(name: rung.name, reason: reason))
    }

    /// Of rungs that only fitting has made alike, the one with the most bits stays. Two rates for one box are a ladder, and stay.
    private mutating func dropTwins() {
        var kept: [Step] = []
        for step in steps {
            guard let index = kept.firstIndex(where: { Self.areTwins($0, step) }) else {
                kept.append(step)
                continue
            }
            let (winner, loser) = Self.rate(kept[index]) >= Self.rate(step) ? (kept[index], step) : (step, kept[index])
            kept[index] = winner
            drop(loser.rung, "comes out as \(step.width)x\(step.height), like \(winner.rung.name)")
        }
        steps = kept
    }

    private static func areTwins(_ a: Step, _ b: Step) -> Bool {
        let sameResult = (a.width, a.height, a.divisor) == (b.width, b.height, b.divisor) && a.rung.codec == b.rung.codec
        return sameResult && (a.rung.width, a.rung.height) != (b.rung.width, b.rung.height)
    }

    private static func rate(_ step: Step) -> Int { step.rung.rateControl.cap.maxRate }

    private static func weight(_ rung: Rung) -> (Int, Int) { (rung.width * rung.height, rung.rateControl.cap.maxRate) }
}

extension FittedLadder {
    /// Frames per second of the fastest rung that is kept; the grid's rate.
    var gridRate: Rational { fullRate / Rational(Int64(steps.map(\.divisor).min() ?? 1)) }

    /// Every n-th frame of the grid that a kept rung shows.
    func gridDivisor(of step: Step) -> Int { FrameRates.divisor(of: gridRate, cap: step.rung.maxFrameRate) }

    /// The rungs on their grid, each with the level that its stream declares.
    func rungPlans(on grid: Grid, operation: String) throws(PlanningError) -> [RungPlan] {
        var plans: [RungPlan] = []
        for step in steps {
            let divisor = gridDivisor(of: step)
            let rate = grid.frameRate / Rational(Int64(divisor))
            let load = StreamLoad(step.rung, width: step.width, height: step.height, frameRate: rate)
            plans.append(
                RungPlan(
                    rung: step.rung, width: step.width, height: step.height, frameDivisor: divisor, frameRate: rate,
                    frames: (grid.frames + divisor - 1) / divisor, level: try CodecLevel.level(for: load, operation: operation)))
        }
        return plans
    }
}

/// The smallest side that an encoder opens with, in pixels. Tried with x264 164 (2x2 works), x265 3.5 (8x8 is refused) and SVT-AV1 1.4.1
/// (62x62 is refused).
enum EncoderMinimum {
    static func side(of encoder: String) -> Int {
        switch encoder {
        case "libx265": 16
        case "libsvtav1": 64
        default: 2
        }
    }
}
