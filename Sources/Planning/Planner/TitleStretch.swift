import MediaModel

/// The stretch of the source that becomes the title, on the source's clock.
struct TitleStretch {
    /// Source time of the title's time 0, in seconds.
    let origin: Rational
    /// Source time at which the title ends, in seconds; later than `origin`.
    let end: Rational
    let warnings: [String]

    /// Sound may begin this much before the picture and be cut; more than that is kept, under the first picture.
    private static let lostLead = Rational(1, 10)
    /// Without a word in the manifest the last picture is held for this long after its declared end, in seconds.
    static let longestHold = Rational(600)
    /// A last picture that is declared to last this much longer than any audio is a broken file, in seconds.
    static let longestDeclared = Rational(3600)

    init(
        _ request: TitleRequest, source: SourceInfo, sounds: [Sound], operation: String
    ) throws(PlanningError) {
        guard let whole = Self.whole(of: source, sounds: sounds, tail: Self.tail(of: request)), whole.end > whole.start else {
            throw PlanningError(
                .source, operation: operation,
                detail: "\(request.shownSource) has neither a picture nor a sound that lasts; name another source")
        }
        let trimmed = try Self.trimmed(whole, by: request, frame: source.video?.frameRate.reciprocal ?? .zero, operation: operation)
        origin = trimmed.start
        end = trimmed.end
        guard let video = source.video else {
            warnings = []
            return
        }
        if request.tail != .hold {
            try Self.checkHold(of: video, sounds: sounds, origin: whole.start, until: trimmed.end, request, operation)
        }
        warnings = Self.lead(before: video, in: trimmed) + Self.differences(of: sounds, to: trimmed, request, whole: whole)
    }

    private typealias Span = (start: Rational, end: Rational)

    /// What two lengths may differ by without a word: a second, or one percent where that is more than a frame of audio.
    static func isNoticed(_ difference: Rational, of length: Rational) -> Bool {
        difference > Rational(1) || (difference > Rational(1, 4) && difference > length / Rational(100))
    }

    /// How long a still picture is to be shown is a word about the end, too.
    private static func tail(of request: TitleRequest) -> Tail? { request.tail ?? (request.stillDuration == nil ? nil : .cut) }

    /// When a sound of the title ends, on the source's clock: an outside one begins with the title.
    private static func end(of sound: Sound, origin: Rational) -> Rational {
        sound.isOfSource ? sound.track.end : origin + sound.length
    }

    /// From the first to the last moment: the picture rules, but no sound before it is lost, and none after it unless the manifest says so.
    private static func whole(of source: SourceInfo, sounds: [Sound], tail: Tail?) -> Span? {
        let inside = sounds.filter(\.isOfSource)
        guard let video = source.video else {
            let first = inside.map(\.track.start).min() ?? .zero
            let ends = sounds.map { $0.isOfSource ? $0.track.end : first + $0.length }
            return ends.max().map { (first, $0) }
        }
        // A sound that is over before the picture begins is a broken clock, not a lead.
        // Sound that began with pictures which do not decode is left out with them.
        let begin = video.storedStart ?? video.start
        let leads = inside.filter { $0.track.end > video.start && begin - $0.track.start > lostLead }
        let start = leads.map(\.track.start).min() ?? video.start
        let audioEnd = sounds.map { end(of: $0, origin: start) }.max() ?? video.end
        let goesOn = tail != .cut && isNoticed(audioEnd - video.end, of: video.end - start)
        return (start, goesOn ? audioEnd : video.end)
    }

    /// - Parameter frame: seconds of one frame of the source: an end may be wrong by that much, as people read it from players.
    private static func trimmed(
        _ whole: Span, by request: TitleRequest, frame: Rational, operation: String
    ) throws(PlanningError) -> Span {
        let length = whole.end - whole.start
        let start = request.trim.start ?? .zero
        let end = request.trim.end ?? length
        func refuse(_ text: String) -> PlanningError {
            PlanningError(.trim, operation: operation, detail: "\(text); \(request.shownSource) lasts \(PlanText.seconds(length)) s")
        }
        if start < .zero { throw refuse("trim.start \(PlanText.seconds(start)) s is before the beginning: write 0 or more") }
        if start >= length { throw refuse("trim.start \(PlanText.seconds(start)) s is at or beyond the end: write less") }
        if end > length + frame { throw refuse("trim.end \(PlanText.seconds(end)) s is beyond the end: write less, or leave it out") }
        if end <= start {
            throw refuse("trim.end \(PlanText.seconds(end)) s is not after trim.start \(PlanText.seconds(start)) s: nothing is left")
        }
        return (whole.start + start, whole.start + min(end, length))
    }

    /// A still picture for hours is more often a broken file than a wish.
    private static func checkHold(
        of video: VideoTrackInfo, sounds: [Sound], origin: Rational, until end: Rational, _ request: TitleRequest, _ operation: String
    ) throws(PlanningError) {
        let ways = "write 'tail: hold' to hold it all the same, or trim.end"
        let audioEnd = sounds.map { Self.end(of: $0, origin: origin) }.max()
        if end - video.end > longestHold {
            let last = sounds.max { Self.end(of: $0, origin: origin) < Self.end(of: $1, origin: origin) }
            throw PlanningError(
                .source, operation: operation,
                detail:
                    "\(last?.description ?? "the audio") goes on for \(PlanText.clock(end - video.end)) after the picture has ended, and the "
                    + "last picture is held for at most \(PlanText.clock(longestHold)): \(ways), or 'tail: cut' to end with the picture")
        }
        if min(end, video.end) - max(audioEnd ?? video.lastStart, video.lastStart) > longestDeclared {
            throw PlanningError(
                .source, operation: operation,
                detail: "\(request.shownSource) declares that its last picture, at \(PlanText.clock(video.lastStart - origin)), lasts "
                    + "\(PlanText.clock(video.end - video.lastStart)), long after any audio has ended: \(ways)")
        }
    }

    /// What is shown while sound goes on and no picture is there yet.
    private static func lead(before video: VideoTrackInfo, in stretch: Span) -> [String] {
        let late = video.start - stretch.start
        guard late > Rational(1) else { return [] }
        return ["the picture begins \(PlanText.seconds(late)) s after the first sound; its first frame is shown until then"]
    }

    private static func differences(of sounds: [Sound], to stretch: Span, _ request: TitleRequest, whole: Span) -> [String] {
        sounds.compactMap { sound in
            let end = Self.end(of: sound, origin: whole.start)
            if isNoticed(end - stretch.end, of: stretch.end - stretch.start), request.trim.end == nil {
                let word = request.tail == nil ? "duration" : "tail: cut"
                return "\(sound.description) lasts \(PlanText.seconds(end - stretch.end)) s longer than the picture and is cut there, as "
                    + "'\(word)' says"
            }
            if isNoticed(stretch.end - end, of: stretch.end - stretch.start) {
                return "\(sound.description) ends \(PlanText.seconds(stretch.end - end)) s before the picture; silence follows"
            }
            return nil
        }
    }
}
