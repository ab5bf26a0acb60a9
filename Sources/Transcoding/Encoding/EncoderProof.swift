import Libav
package import MediaModel

/// Proves a preset by opening its encoders with exactly its options: the one way to know that they are understood.
package enum EncoderProof {
    /// - Parameter rungs: as planned, or as a preset alone would have them (`RungPlan(unfitted:)`).
    /// - Throws: at the first rung whose encoder does not open without a word.
    package static func prove(_ plan: RungPlan, color: ColorTags) throws(TranscodingError) {
        let gop = max(1, Int((plan.frameRate * Rational(2)).rounded))
        let passes: [EncoderSettings.Pass]
        switch plan.rung.rateControl {
        case .cappedCRF: passes = [.single]
        // The second pass cannot be opened without a first one's statistics: it takes the same options but for the bit rate.
        case .twoPass: passes = [.first(statistics: "/dev/null")]
        }
        for pass in passes {
            _ = try VideoLane.openEncoder(try EncoderSettings(plan, gopFrames: gop, pass: pass), plan: plan, color: color)
        }
    }

    /// Proves that the encoder of a sound format is there.
    package static func prove(_ format: AudioFormat) throws(TranscodingError) {
        _ = try SoundEncoder.open(format)
    }
}

extension RungPlan {
    /// A rung of a preset as it would be for a source that fills it, at 30 frames per second, for a proof without a source.
    package init(unfitted rung: Rung, level: String) {
        let rate = min(Rational(30), rung.maxFrameRate ?? Rational(30))
        self.init(
            rung: rung, width: rung.width & ~1, height: rung.height & ~1, frameDivisor: 1, frameRate: rate, frames: 60, level: level)
    }
}
