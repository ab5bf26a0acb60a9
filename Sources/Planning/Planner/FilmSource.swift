import MediaModel

/// Film on video by 2:3 pulldown, as the title sees it: four pictures of five, none of them interlaced.
enum FilmSource {
    /// Frames per second of video that film is put on so: 30000/1001, and 30.
    private static let videoRates = Rational(29)...Rational(61, 2)

    static func video(_ video: VideoTrackInfo, for request: TitleRequest, operation: String) throws(PlanningError) -> VideoTrackInfo {
        guard request.telecine == .undo else { return video }
        guard videoRates.contains(video.frameRate) else {
            throw PlanningError(
                .source, operation: operation,
                detail: "'telecine: undo' is for film on video of 29.97 frames a second, and \(request.shownSource) has "
                    + "\(video.frameRate): leave it out")
        }
        var film = video
        film.frameRate = video.frameRate * Rational(4, 5)
        film.isInterlaced = false
        return film
    }
}
