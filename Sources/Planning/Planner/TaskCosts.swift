package import MediaModel

/// What the pieces of a title's work should cost, in CPU seconds of one thread: what the scheduler sorts by, and progress and deadlines are
/// reckoned with. Estimates, so floating numbers: nothing that is written or compared goes through them.
package struct TaskCosts: Hashable, Sendable {
    /// To decode the source for one frame of the grid.
    package let decode: Double
    /// For each rung, to scale and encode one frame of the grid, once.
    package let rungs: [Double]
    /// For each rung, to measure one frame in the first of two passes.
    package let measures: [Double]
    /// For each sound, all of it.
    package let sounds: [Double]
    /// All images.
    package let images: Double
    /// To fold everything into a package.
    package let package: Double

    /// The first pass beside the second.
    private static let firstPassShare = 0.5
    /// CPU milliseconds to decode a million pixels of H.264, and to scale: read once for each rung, and written.
    private static let decoding = 2.5
    private static let scalingRead = 0.5
    private static let scalingWritten = 1.2
    /// CPU seconds for a second of sound, decoded and encoded.
    private static let sound = 0.02
    /// CPU seconds for a still picture.
    private static let still = 0.05
    /// CPU seconds to link, read and check a file of the package.
    private static let file = 0.001

    package init(_ plan: AssetPlan) {
        let seconds = plan.grid.duration.approximate
        let gridRate = max(plan.grid.frameRate.approximate, 1)
        let video = plan.source.video
        let megapixels = video.map { Double($0.width * $0.height) / 1_000_000 } ?? 0
        decode = (video?.averageFrameRate.approximate ?? 0) / gridRate * megapixels * Self.decoding / 1000
        rungs = plan.rungs.map { rung in
            let written = Double(rung.width * rung.height) / 1_000_000
            let encode = EncoderCost.of(rung.rung).millisecondsPerMegapixel * written
            return (encode + Self.scalingRead * megapixels + Self.scalingWritten * written) / Double(rung.frameDivisor) / 1000
        }
        measures = rungs.map { $0 * Self.firstPassShare }
        sounds = plan.audio.map { _ in seconds * Self.sound }
        images = plan.images.map { Double($0.tileFrames.count + $0.cards.count + 1) * Self.still } ?? 0
        package = Double(plan.grid.segmentCount * (plan.rungs.count + plan.audio.count)) * Self.file
    }

    /// One pass over a chunk.
    /// - Parameters:
    ///   - frames: of the grid.
    ///   - measured: rungs that the pass only measures; the others it encodes.
    package func pass(frames: Int, encoded: [Int], measured: [Int]) -> Double {
        let perFrame = encoded.reduce(decode) { $0 + rungs[$1] } + measured.reduce(0) { $0 + measures[$1] }
        return Double(frames) * perFrame
    }
}
