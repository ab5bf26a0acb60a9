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
    /// Sound that ends this much before or after the picture is worth a word, in seconds.
    private static let noticedDifference = Rational(1)

    init(
        _ request: TitleRequest, source: SourceInfo, sounds: [Sound], operation: String
    ) throws(PlanningError) {
        guard let whole = Self.whole(of: source, sounds: sounds), whole.end > whole.start else {
            throw PlanningError(
                .source, operation: operation,
                detail: "\(request.source) has neither a picture nor a sound that lasts; name another source")
        }
        let trimmed = try Self.trimmed(whole, by: request, frame: source.video?.frameRate.reciprocal ?? .zero, operation: operation)
        origin = trimmed.start
        end = trimmed.end
        warnings = source.video == nil ? [] : Self.differences(of: sounds, to: trimmed, cutByHand: request.trim.end != nil, whole: whole)
    }

    private typealias Span = (start: Rational, end: Rational)

    /// From the first to the last moment: the picture rules, but no sound before it is lost.
    private static func whole(of source: SourceInfo, sounds: [Sound]) -> Span? {
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
        return (leads.map(\.track.start).min() ?? video.start, video.end)
    }

    /// - Parameter frame: seconds of one frame of the source: an end may be wrong by that much, as people read it from players.
    private static func trimmed(
        _ whole: Span, by request: TitleRequest, frame: Rational, operation: String
    ) throws(PlanningError) -> Span {
        let length = whole.end - whole.start
        let start = request.trim.start ?? .zero
        let end = request.trim.end ?? length
        func refuse(_ text: String) -> PlanningError {
            PlanningError(.trim, operation: operation, detail: "\(text); \(request.source) lasts \(PlanText.seconds(length)) s")
        }
        if start < .zero { throw refuse("trim.start \(PlanText.seconds(start)) s is before the beginning: write 0 or more") }
        if start >= length { throw refuse("trim.start \(PlanText.seconds(start)) s is at or beyond the end: write less") }
        if end > length + frame { throw refuse("trim.end \(PlanText.seconds(end)) s is beyond the end: write less, or leave it out") }
        if end <= start {
            throw refuse("trim.end \(PlanText.seconds(end)) s is not after trim.start \(PlanText.seconds(start)) s: nothing is left")
        }
        return (whole.start + start, whole.start + min(end, length))
    }

    private static func differences(of sounds: [Sound], to stretch: Span, cutByHand: Bool, whole: Span) -> [String] {
        sounds.compactMap { sound in
            let end = sound.isOfSource ? sound.track.end : whole.start + sound.length
            if end > stretch.end + noticedDifference, !cutByHand {
                return "\(sound.description) lasts \(PlanText.seconds(end - stretch.end)) s longer than the picture and is cut there"
            }
            if stretch.end > end + noticedDifference {
                return "\(sound.description) ends \(PlanText.seconds(stretch.end - end)) s before the picture; silence follows"
            }
            return nil
        }
    }
}
