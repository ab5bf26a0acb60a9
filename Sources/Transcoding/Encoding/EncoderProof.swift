import Foundation
import Libav
package import MediaModel

/// Proves a preset by opening its encoders with exactly its options: the one way to know that they are understood.
package enum EncoderProof {
    /// - Parameter rungs: as planned, or as a preset alone would have them (`RungPlan(unfitted:)`).
    /// - Throws: at the first rung whose encoder does not open without a word.
    package static func prove(_ plan: RungPlan, color: ColorTags) throws(TranscodingError) {
        let gop = max(1, Int((plan.frameRate * Rational(2)).rounded))
        switch plan.rung.rateControl {
        case .cappedCRF:
            _ = try VideoLane.openEncoder(try EncoderSettings(plan, gopFrames: gop, pass: .single), plan: plan, color: color)
        // The second pass cannot be opened without a first one's statistics: it takes the same options but for the bit rate.
        case .twoPass:
            let folder = try temporaryFolder()
            // What stays is the system's to clear.
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let settings = try EncoderSettings(plan, gopFrames: gop, pass: .first(statistics: "\(folder)/statistics"))
            _ = try VideoLane.openEncoder(settings, plan: plan, color: color)
        }
    }

    /// A first pass writes beside its statistics and renames over them when it closes: never name a file there that others need, as
    /// `/dev/null`.
    private static func temporaryFolder() throws(TranscodingError) -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reelmill-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw TranscodingError(.output, "create '\(folder)' for a first pass", error.localizedDescription)
        }
        return folder
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
