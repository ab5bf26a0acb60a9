import MediaModel

/// Everything that shapes the bytes of one rung of one chunk: neither the rung's name nor the title's length.
struct ChunkInputs: Codable, Hashable, Sendable {
    var source: ContentHash
    var stream: Int
    var origin: Rational
    var frameRate: Rational
    var gopFrames: Int
    var segmentFrames: Int
    /// Of the grid: the first of the chunk, and the first behind it.
    var firstFrame: Int
    var endFrame: Int
    var picture: PicturePlan?
    var rung: RungInputs
    var acceptsDamage: Bool

    init(_ plan: AssetPlan, chunk: Int, rung: Int) {
        let frames = plan.grid.frames(ofChunk: chunk)
        source = ContentHash(plan.source.fingerprint)
        stream = plan.source.video?.stream ?? 0
        origin = plan.origin
        frameRate = plan.grid.frameRate
        gopFrames = plan.grid.gopFrames
        segmentFrames = plan.grid.segmentFrames
        (firstFrame, endFrame) = (frames.lowerBound, frames.upperBound)
        picture = plan.picture
        self.rung = RungInputs(plan.rungs[rung])
        acceptsDamage = plan.acceptsDamage
    }
}

/// What of a rung shapes its bytes: all but its name and its length.
struct RungInputs: Codable, Hashable, Sendable {
    var width: Int
    var height: Int
    var frameDivisor: Int
    var frameRate: Rational
    var level: String
    var codec: VideoCodec
    var encoder: String
    var boxWidth: Int
    var boxHeight: Int
    var maxFrameRate: Rational?
    var rateControl: RateControl
    var speed: String
    var profile: String?
    var askedLevel: String?
    var bitDepth: Int
    var options: [String: String]

    init(_ plan: RungPlan) {
        width = plan.width
        height = plan.height
        frameDivisor = plan.frameDivisor
        frameRate = plan.frameRate
        level = plan.level
        codec = plan.rung.codec
        encoder = plan.rung.encoder
        boxWidth = plan.rung.width
        boxHeight = plan.rung.height
        maxFrameRate = plan.rung.maxFrameRate
        rateControl = plan.rung.rateControl
        speed = plan.rung.speed
        profile = plan.rung.profile
        askedLevel = plan.rung.level
        bitDepth = plan.rung.bitDepth
        options = plan.rung.options
    }
}
