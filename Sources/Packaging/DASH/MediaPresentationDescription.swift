import Formats
import MediaModel

/// The MPD (ISO/IEC 23009-1, 5.3.1.2), a pure function of the package's facts: static, one period, live profile over CMAF segments.
enum MediaPresentationDescription {
    static func text(_ package: AssetPackage) -> String {
        let sets = AdaptationSets.video(package) + AdaptationSets.audio(package) + AdaptationSets.text(package)
        // The schema wants the order of children that is written here; ids are numbers in document order.
        let period = XMLElement("Period", [("id", "0"), ("start", "PT0S")], sets)
        let root = XMLElement(
            "MPD",
            [
                ("xmlns", "urn:mpeg:dash:schema:mpd:2011"),
                ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                ("xsi:schemaLocation", "urn:mpeg:dash:schema:mpd:2011 DASH-MPD.xsd"),
                ("profiles", "urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019"),
                ("type", "static"),
                ("mediaPresentationDuration", duration(package.duration, digits: 6)),
                ("maxSegmentDuration", duration(longestSegment(package), digits: 3)),
                ("minBufferTime", duration(BufferTime.seconds(package), digits: 1)),
            ], [period])
        return root.document
    }

    /// xs:duration, rounded up, so that nothing that is measured against it is longer.
    static func duration(_ seconds: Rational, digits: Int) -> String {
        "PT\(DecimalText.roundedUp(seconds, digits: digits))S"
    }

    /// Seconds; no S@d of any track is longer.
    private static func longestSegment(_ package: AssetPackage) -> Rational {
        var longest = Rational.zero
        func look(_ segments: [SegmentFact], _ timescale: Int64) {
            for segment in segments { longest = max(longest, Rational(segment.duration, timescale)) }
        }
        for track in package.renditions { look(track.segments, track.timescale) }
        for track in package.audio { look(track.segments, track.timescale) }
        for track in package.text { look(track.segments, track.timescale) }
        return longest
    }
}

/// MPD@minBufferTime: how long a client that receives exactly @bandwidth must wait before it may begin anywhere (5.3.5.2).
enum BufferTime {
    /// Seconds, enough for every representation, each segment being there whole when its first frame is due.
    static func seconds(_ package: AssetPackage) -> Rational {
        var longest = Rational(1)
        for track in package.renditions {
            longest = max(longest, seconds(track.segments, timescale: track.timescale, bandwidth: track.bandwidth))
        }
        for track in package.audio {
            longest = max(longest, seconds(track.segments, timescale: track.timescale, bandwidth: track.bandwidth))
        }
        return longest
    }

    /// The largest, over all runs of segments, of the time that the run takes to arrive less the time that plays before its last segment.
    static func seconds(_ segments: [SegmentFact], timescale: Int64, bandwidth: Int) -> Rational {
        guard bandwidth > 0 else { return .zero }
        // Microseconds, rounded up: a title of many hours must not overflow the fractions.
        var longest: Int64 = 0
        var lead: Int64 = 0
        for segment in segments {
            let arrival = (Rational(segment.bytes * 8, Int64(bandwidth)) * Rational(1_000_000)).ceiling
            let playing = (Rational(segment.duration, timescale) * Rational(1_000_000)).floor
            lead = max(0, lead) + arrival
            longest = max(longest, lead)
            lead -= playing
        }
        return Rational(longest, 1_000_000)
    }
}
