import Formats
import MediaModel

/// Holds joined tracks against the grid: all renditions of a title are cut at identical times.
enum GridCheck {
    /// Every segment begins and ends with the grid's, and holds the frames that the divisor keeps. The last may end with its last frame,
    /// where that is a divided one and goes on past the grid's end.
    static func video(_ segments: [SegmentFact], rung: RungPlan, grid: Grid, timescale: Int64, path: String) throws(PackagingError) {
        func demand(_ holds: Bool, _ detail: @autoclosure () -> String) throws(PackagingError) {
            if !holds { throw PackagingError(.mismatch, path, detail()) }
        }
        try demand(timescale == grid.timescale, "counts \(timescale) ticks a second, the plan \(grid.timescale)")
        try demand(segments.count == grid.segmentCount, "has \(segments.count) segments, the plan \(grid.segmentCount)")
        let divisor = max(1, rung.frameDivisor)
        for (index, segment) in segments.enumerated() {
            let frames = grid.frames(ofSegment: index)
            let start = Int64(frames.lowerBound) * grid.frameTicks
            let end = Int64(frames.upperBound) * grid.frameTicks
            let kept = kept(frames.upperBound, divisor) - kept(frames.lowerBound, divisor)
            let ownEnd = index == segments.count - 1 ? Int64(self.kept(frames.upperBound, divisor) * divisor) * grid.frameTicks : end
            let place = "segment \(segment.number)"
            try demand(segment.start == start, "\(place) begins at tick \(segment.start), the plan says \(start)")
            try demand(
                [end, ownEnd].contains(segment.start + segment.duration),
                "\(place) ends at tick \(segment.start + segment.duration), the plan says \(end)")
            try demand(segment.samples == kept, "\(place) holds \(segment.samples) frames, the plan says \(kept)")
        }
        let total = segments.reduce(0) { $0 + $1.samples }
        try demand(total == rung.frames, "has \(total) frames, the plan \(rung.frames)")
    }

    /// Frames below `count` that a divisor keeps.
    private static func kept(_ count: Int, _ divisor: Int) -> Int { (count + divisor - 1) / divisor }

    /// As many segments as the picture, each cut within one coded frame of the picture's. A last segment of the picture that is shorter
    /// than one coded frame of sound may have none.
    static func audio(_ segments: [SegmentFact], format: AudioFormat, grid: Grid, timescale: Int64, path: String) throws(PackagingError) {
        let frame = format.codec.frameDuration(sampleRate: format.sampleRate)
        func demand(_ segment: SegmentFact, _ verb: String, _ ticks: Int64, at frameNumber: Int) throws(PackagingError) {
            let time = Rational(ticks, timescale)
            let difference = time - grid.time(ofFrame: frameNumber)
            guard difference <= frame, -difference <= frame else {
                throw PackagingError(
                    .mismatch, path,
                    "segment \(segment.number) \(verb) at \(DecimalText.seconds(time, digits: 4)) s, the picture's at "
                        + "\(DecimalText.seconds(grid.time(ofFrame: frameNumber), digits: 4)) s: further apart than one frame of sound")
            }
        }
        guard segments.count == grid.segmentCount || segments.count == grid.segmentCount - 1, let last = segments.last else {
            throw PackagingError(.mismatch, path, "has \(segments.count) segments, the plan \(grid.segmentCount)")
        }
        for (index, segment) in segments.enumerated() {
            try demand(segment, "begins", segment.start, at: grid.frames(ofSegment: index).lowerBound)
        }
        try demand(last, "ends", last.start + last.duration, at: grid.frames)
    }

    /// Exactly the grid's segments.
    static func text(_ segments: [SegmentFact], grid: Grid, timescale: Int64, path: String) throws(PackagingError) {
        let expected = (0..<grid.segmentCount).map { grid.frames(ofSegment: $0) }.map { frames in
            [frames.lowerBound, frames.upperBound].map { Int64($0) * grid.frameTicks }
        }
        guard timescale == grid.timescale, segments.map({ [$0.start, $0.start + $0.duration] }) == expected else {
            throw PackagingError(.mismatch, path, "is not cut where the plan cuts; convert the subtitle file again for this plan")
        }
    }
}
