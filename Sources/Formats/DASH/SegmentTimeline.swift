package import MediaModel

/// SegmentTemplate with SegmentTimeline (ISO/IEC 23009-1, 5.3.9.6): exact ticks, equal neighbours folded into one S.
package struct SegmentTimeline: Hashable {
    struct Run: Hashable {
        /// Ticks; nil where it goes on without a gap.
        var start: Int64?
        var duration: Int64
        /// Further segments of the same duration.
        var repeats: Int
    }

    package let timescale: Int64
    let startNumber: Int
    private(set) var runs: [Run] = []

    package init(segments: [SegmentFact], timescale: Int64) {
        self.timescale = timescale
        startNumber = segments.first?.number ?? 1
        var end: Int64?
        for segment in segments {
            if end == segment.start, runs[runs.count - 1].duration == segment.duration {
                runs[runs.count - 1].repeats += 1
            } else {
                runs.append(Run(start: end == segment.start ? nil : segment.start, duration: segment.duration, repeats: 0))
            }
            end = segment.start + segment.duration
        }
    }

    /// - Parameter folder: relative to the MPD; may hold `$RepresentationID$`.
    package func template(folder: String) -> XMLElement {
        XMLElement(
            "SegmentTemplate",
            [
                ("timescale", "\(timescale)"), ("startNumber", "\(startNumber)"),
                ("initialization", "\(folder)/init.mp4"), ("media", "\(folder)/$Number%05d$.m4s"),
            ],
            [
                XMLElement(
                    "SegmentTimeline", [],
                    runs.map {
                        XMLElement(
                            "S",
                            [
                                ("t", $0.start.map(String.init)), ("d", "\($0.duration)"),
                                ("r", $0.repeats > 0 ? "\($0.repeats)" : nil),
                            ])
                    })
            ])
    }
}
