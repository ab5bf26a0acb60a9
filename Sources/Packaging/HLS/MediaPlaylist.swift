import Formats
import MediaModel

/// A media playlist (RFC 8216, 4.3.3), complete, for one track.
enum MediaPlaylist {
    /// - Parameters:
    ///   - target: seconds, the same for all playlists of the package.
    ///   - map: name of the init segment; nil for WebVTT, which has none and whose segments are not independent media.
    ///   - ending: of the segments' names, such as `m4s`.
    static func text(segments: [SegmentFact], timescale: Int64, target: Int, map: String?, ending: String) -> String {
        var text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:\(target)\n#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-PLAYLIST-TYPE:VOD\n"
        if let map {
            text += "#EXT-X-INDEPENDENT-SEGMENTS\n"
            var line = TagLine("EXT-X-MAP")
            line.quoted("URI", map)
            text += line.text
        }
        for segment in segments {
            text += "#EXTINF:\(duration(segment, timescale: timescale)),\n\(SegmentFact.stem(segment.number)).\(ending)\n"
        }
        return text + "#EXT-X-ENDLIST\n"
    }

    /// Microseconds between two rounded ends, not a rounded length: so the sum over any playlist is right to a microsecond.
    private static func duration(_ segment: SegmentFact, timescale: Int64) -> String {
        func microseconds(_ ticks: Int64) -> Int64 { (Rational(ticks, timescale) * Rational(1_000_000)).rounded }
        return DecimalText.text(
            microseconds(segment.start + segment.duration) - microseconds(segment.start), digits: 6)
    }
}
