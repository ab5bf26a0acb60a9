import MediaModel

/// EXT-X-TARGETDURATION (RFC 8216, 4.3.3.1), the same in every playlist of a package (Apple, 8.3).
enum TargetDuration {
    /// Whole seconds: no segment's duration, rounded to the nearest second, is longer. At least 1.
    static func seconds(of tracks: [(timescale: Int64, segments: [SegmentFact])]) -> Int {
        var longest: Int64 = 1
        for track in tracks {
            for segment in track.segments {
                longest = max(longest, Rational(segment.duration, track.timescale).rounded)
            }
        }
        return Int(longest)
    }
}

extension AssetPackage {
    /// Seconds.
    var targetDuration: Int {
        TargetDuration.seconds(
            of: renditions.map { ($0.timescale, $0.segments) } + audio.map { ($0.timescale, $0.segments) }
                + text.map { ($0.timescale, $0.segments) })
    }
}
