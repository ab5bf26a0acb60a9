import MediaModel

/// What becomes of the source's pictures on the title's clock, in figures and in words: nothing is dropped or held in silence.
struct PictureTiming {
    /// Pictures of the stretch that are not shown, because others take their place.
    let lost: Int
    /// Seconds that the last picture stands, where that is longer than a picture does.
    let held: Rational?
    let warnings: [String]

    init(_ video: VideoTrackInfo, index: FrameIndex?, plan: AssetPlan, stretch: TitleStretch) {
        // Of film on video one picture in five is a repetition that nobody misses.
        lost =
            plan.picture?.undoesTelecine == true
            ? 0
            : index.map {
                PictureSchedule($0.clocked(video), rate: plan.grid.frameRate, origin: plan.origin, frames: plan.grid.frames).lost
            } ?? 0
        let stands = stretch.end - max(video.lastStart, stretch.origin)
        let usual = max(Rational(1), Rational(2) / max(video.averageFrameRate, Rational(1, 3600)))
        held = stands > usual && (video.frames > 1 || stretch.end > video.end) ? stands : nil
        var warnings: [String] = []
        if video.access == .numbered {
            warnings.append(
                "the picture's stream has no times: its \(video.frames) pictures are numbered at \(PlanText.frameRate(video.frameRate)) fps, "
                    + "as it states")
        }
        if let missing = Self.missing(video) { warnings.append(missing) }
        // A ladder or the cap of 60 that thins a fast source does so by intent; the figure stands in the plan all the same.
        if lost > 0, plan.grid.frameRate >= video.frameRate {
            warnings.append(
                "\(lost) of \(video.frames) pictures are not shown: they come closer together than \(PlanText.frameRate(plan.grid.frameRate)) fps"
            )
        }
        if let held {
            let reason = video.end >= stretch.end ? "as the file declares" : "while the audio goes on"
            warnings.append("the last picture stands for \(PlanText.seconds(held)) s, \(reason)")
        }
        self.warnings = warnings
    }

    /// Where the pictures are fewer than their times have room for.
    private static func missing(_ video: VideoTrackInfo) -> String? {
        guard video.hasConstantFrameRate, video.access != .numbered else { return nil }
        let counted = Rational(Int64(video.frames)) / video.frameRate
        let clocked = video.lastStart - video.start + video.frameRate.reciprocal
        guard TitleStretch.isNoticed(clocked - counted, of: clocked) || TitleStretch.isNoticed(counted - clocked, of: clocked) else {
            return nil
        }
        return
            "\(video.frames) pictures at \(PlanText.frameRate(video.frameRate)) fps last \(PlanText.seconds(counted)) s, and their times "
            + "\(PlanText.seconds(clocked)) s: where pictures are missing, the one before stands"
    }
}
