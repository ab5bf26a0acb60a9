import MediaModel

/// A source that is one picture: no film, unless somebody says how long it is to be shown.
enum StillSource {
    /// Frames per second of a still picture that is shown for a while.
    private static let frameRate = Rational(25)
    /// Seconds; one picture that its file says to hold at least this long is a film of one picture.
    private static let leastLength = Rational(1)

    /// The source as the title sees it.
    static func source(_ source: SourceInfo, for request: TitleRequest, operation: String) throws(PlanningError) -> SourceInfo {
        guard var video = source.video, video.frames <= 1 else {
            guard request.stillDuration == nil else {
                throw PlanningError(
                    .source, operation: operation,
                    detail: "'duration' is for still pictures, and \(request.shownSource) is none: leave it out, or write 'trim'")
            }
            return source
        }
        if let duration = request.stillDuration {
            video.frameRate = frameRate
            video.averageFrameRate = frameRate
            video.hasConstantFrameRate = true
            video.end = video.start + duration
            var still = source
            still.video = video
            return still
        }
        let hasSound = !source.audio.isEmpty || request.audio?.isEmpty == false
        guard hasSound || video.end - video.start >= leastLength else {
            throw PlanningError(
                .source, operation: operation,
                detail: "\(request.shownSource) is a still picture: write how long it is to be shown, such as 'duration: 10'")
        }
        return source
    }
}
