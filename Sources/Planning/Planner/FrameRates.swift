import MediaModel

/// The output's frame rates: the source's own, or a whole part of it.
enum FrameRates {
    /// Apple's HLS authoring specification, 1.19: at most 60 frames per second.
    static let highest = Rational(60)
    /// The ruler of a title without a picture.
    static let soundRuler = Rational(25)
    /// 30 frames per second pass a cap of 29.97, and a measured 60.05 passes 60: a hair over a cap is no reason to halve.
    private static let tolerance = Rational(1002, 1000)

    /// Slower than this, an encoder's rate buffer holds less than a picture. Frames a second.
    private static let lowest = Rational(1)

    /// What the whole source gives: fields become frames, at most 60 a second, never slower than one a second or one a GOP.
    static func full(of video: VideoTrackInfo, gopDuration: Rational) -> Rational {
        let shown = video.isInterlaced ? video.frameRate * Rational(2) : video.frameRate
        let capped = shown / Rational(Int64(divisor(of: shown, cap: highest)))
        // Slides at a frame every ten seconds: shown more often, so that GOPs and segments keep their length.
        let repeats = (max(lowest, gopDuration.reciprocal) / capped).ceiling
        return capped * Rational(max(1, repeats))
    }

    /// The smallest whole number that brings a rate to a cap or below; 1 without a cap.
    static func divisor(of rate: Rational, cap: Rational?) -> Int {
        guard let cap else { return 1 }
        return max(1, Int((rate / (cap * tolerance)).ceiling))
    }
}
