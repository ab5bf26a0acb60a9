import MediaModel

/// Foretells bytes, CPU time (`TaskCosts`) and memory of a plan. Estimates, so floating numbers: nothing that is written or compared goes
/// through them.
enum CostModel {
    /// How much of `maxRate` an ordinary picture takes under a constant rate factor.
    private static let fillOfCap = 0.6
    /// A worker that only decodes and scales: 66 MB at 1080p, two thirds of it without any picture.
    private static let idleWorker = 44_000_000.0
    private static let decoderBytesPerPixel = 11.0
    private static let stillBytesPerPixel = 0.15

    static func prediction(for plan: AssetPlan) -> Prediction {
        Prediction(bytes: Int64(bytes(of: plan)), cpuSeconds: cpuSeconds(of: plan), memoryBytes: Int64(memory(of: plan)))
    }

    private static func bytes(of plan: AssetPlan) -> Double {
        let seconds = plan.grid.duration.approximate
        let picture = plan.rungs.reduce(0.0) { $0 + bitRate(of: $1) * seconds / 8 }
        let audio = plan.audio.reduce(0.0) { $0 + Double($1.format.bitRate) * seconds / 8 }
        guard let images = plan.images else { return picture + audio }
        let tiles = Double(images.tileFrames.count * images.tile.width * images.tile.height)
        // Each poster and card as JPEG and as WebP.
        let stills = ([images.poster] + images.cards).reduce(0.0) { $0 + 2 * Double($1.width * $1.height) }
        return picture + audio + (tiles + stills) * stillBytesPerPixel
    }

    private static func bitRate(of rung: RungPlan) -> Double {
        switch rung.rung.rateControl {
        case .twoPass(let bitRate, _): Double(bitRate)
        case .cappedCRF(_, let cap): Double(cap.maxRate) * fillOfCap
        }
    }

    private static func cpuSeconds(of plan: AssetPlan) -> Double {
        let costs = TaskCosts(plan)
        let twoPass = plan.rungs.indices.filter { isTwoPass(plan.rungs[$0]) }
        let onePass = plan.rungs.indices.filter { !twoPass.contains($0) }
        var seconds = costs.sounds.reduce(costs.images + costs.package, +)
        guard plan.picture != nil else { return seconds }
        seconds += costs.pass(frames: plan.grid.frames, encoded: onePass, measured: twoPass)
        if !twoPass.isEmpty { seconds += costs.pass(frames: plan.grid.frames, encoded: twoPass, measured: []) }
        return seconds
    }

    /// Of a worker that was handed all rungs at once.
    private static func memory(of plan: AssetPlan) -> Double {
        guard let video = plan.source.video else { return idleWorker }
        let source = Double(video.width * video.height) * decoderBytesPerPixel * (video.bitDepth > 8 ? 2 : 1)
        return plan.rungs.reduce(idleWorker + source) { sum, rung in
            sum + Double(rung.width * rung.height) * EncoderCost.of(rung.rung).bytesPerPixel
        }
    }

    private static func isTwoPass(_ rung: RungPlan) -> Bool {
        if case .twoPass = rung.rung.rateControl { true } else { false }
    }
}
