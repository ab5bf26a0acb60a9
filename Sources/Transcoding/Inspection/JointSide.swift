import MediaModel

/// What one stream has at a joint: the end of the old part, on the joined clock, and the beginning of the new one, on the file's.
struct JointSide {
    var isPicture: Bool
    var end: Rational?
    var start: Rational?
    /// Seconds from one picture to the next.
    var interval: Rational?

    /// Seconds to add to the new part's clock, the same for all, so that no stream begins before it has ended.
    static func shift(_ sides: [JointSide]) -> Rational? {
        let ends = sides.compactMap(\.end)
        guard let lastEnd = ends.max(), let firstStart = sides.compactMap(\.start).min() else { return nil }
        let distances = sides.compactMap { side -> Rational? in
            switch (side.end, side.start) {
            case (let end?, let start?): end - start
            case (let end?, nil): end - firstStart
            case (nil, let start?): lastEnd - start
            case (nil, nil): nil
            }
        }
        guard let least = distances.max() else { return nil }
        // Pictures stay on their grid: the last one is held for whole frames.
        guard let picture = sides.first(where: \.isPicture), let end = picture.end, let start = picture.start,
            let interval = picture.interval
        else { return least }
        let frames = max(0, ((least - (end - start)) / interval).ceiling)
        return end - start + Rational(frames) * interval
    }
}
