import MediaModel

/// Foretells bytes, CPU time and memory of a plan. Estimates, so floating numbers: nothing that is written or compared goes through them.
enum CostModel {
    /// How much of `maxRate` an ordinary picture takes under a constant rate factor.
    private static let fillOfCap = 0.6
    /// The first pass beside the second.
    private static let firstPassShare = 0.5
    /// CPU milliseconds to decode a million pixels of H.264, and to scale: read once for each rung, and written.
    private static let decoding = 2.5
    private static let scalingRead = 0.5
    private static let scalingWritten = 1.2
    /// A worker that only decodes and scales: 66 MB at 1080p, two thirds of it without any picture.
    private static let idleWorker = 44_000_000.0
    private static let decoderBytesPerPixel = 11.0
    /// CPU seconds for a second of sound, decoded and encoded.
    private static let sound = 0.02
    /// CPU seconds for a still picture, and its bytes for a pixel.
    private static let still = 0.05
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
        let seconds = plan.grid.duration.approximate
        let stills = plan.images.map { Double($0.tileFrames.count + $0.cards.count + 1) * still } ?? 0
        let audio = Double(plan.audio.count) * seconds * sound
        guard let video = plan.source.video else { return audio + stills }
        let megapixels = Double(video.width * video.height) / 1_000_000
        let passes = plan.rungs.contains(where: isTwoPass) ? 2.0 : 1.0
        let decode = video.averageFrameRate.approximate * seconds * megapixels * decoding * passes / 1000
        let encode = plan.rungs.reduce(0.0) { sum, rung in
            let written = Double(rung.width * rung.height) / 1_000_000
            let cost = EncoderCost.of(rung.rung).millisecondsPerMegapixel * written * (isTwoPass(rung) ? 1 + firstPassShare : 1)
            let scale = scalingRead * megapixels + scalingWritten * written
            return sum + Double(rung.frames) * (cost + scale) / 1000
        }
        return decode + encode + audio + stills
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
