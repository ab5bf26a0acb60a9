import MediaModel

/// A title's rungs as rows of a table: those that are made, and those that are not with the reason.
enum RungRows {
    static func rows(_ plan: AssetPlan) -> [[String]] {
        // Mostly larger than what is kept, so above it, as in the preset.
        let dropped = plan.dropped.map { ["rung", $0.name, "dropped: \($0.reason)"] }
        return dropped + plan.rungs.map { row($0, picture: plan.picture) }
    }

    private static func row(_ rung: RungPlan, picture: PicturePlan?) -> [String] {
        [
            "rung", rung.rung.name, rung.rung.codec.rawValue, "\(rung.width)x\(rung.height)",
            "\(PlanText.frameRate(rung.frameRate)) fps", "\(rung.frames) frames", "level \(rung.level)",
            rate(rung.rung.rateControl), why(rung, picture),
        ]
    }

    private static func rate(_ control: RateControl) -> String {
        switch control {
        case .cappedCRF(let crf, let cap): "CRF \(PlanText.frameRate(crf)), at most \(PlanText.bitRate(cap.maxRate))"
        case .twoPass(let bitRate, let cap): "\(PlanText.bitRate(bitRate)), at most \(PlanText.bitRate(cap.maxRate))"
        }
    }

    /// How it comes to its size and rate.
    private static func why(_ rung: RungPlan, _ picture: PicturePlan?) -> String {
        let isSourceSize = rung.width == picture?.width && rung.height == picture?.height
        let size = isSourceSize ? "the source's size" : "scaled into \(rung.rung.width)x\(rung.rung.height)"
        return rung.frameDivisor == 1 ? size : "\(size), one frame of \(rung.frameDivisor)"
    }
}

/// The facts of a source on one line.
enum SourceLine {
    static func text(_ source: SourceInfo) -> String {
        let picture = source.video.map(picture) ?? "no picture"
        let sound = source.audio.isEmpty ? "no sound" : sounds(source.audio)
        return "\(picture); \(sound)"
    }

    private static func picture(_ video: VideoTrackInfo) -> String {
        var words = ["\(video.codec) \(video.width)x\(video.height)", video.pixelFormat]
        if video.sampleAspectRatio != .one { words.append("pixels \(video.sampleAspectRatio)") }
        if video.orientation.mirrored { words.append("mirrored") }
        if video.orientation.clockwise != 0 { words.append("turned by \(video.orientation.clockwise)°") }
        words.append("\(PlanText.frameRate(video.frameRate)) fps" + (video.hasConstantFrameRate ? "" : " (variable)"))
        if video.isInterlaced { words.append("interlaced") }
        if video.access != .seekable { words.append("not seekable") }
        return words.joined(separator: ", ")
    }

    private static func sounds(_ tracks: [AudioTrackInfo]) -> String {
        tracks.map { "\($0.codec) \($0.layout)" + ($0.language.map { " \($0)" } ?? "") }.joined(separator: ", ")
    }
}
