import MediaModel

/// One WebVTT segment of an HLS media playlist (RFC 8216, 3.5).
package enum WebVTTSegment {
    /// The title's clock begins at the MPEG-2 time 0, as the `tfdt` of video do (RFC 8216, 3.5).
    private static let timestampMap = "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0"

    /// - Parameter cues: those that show in the segment, each with its whole times.
    package static func text(_ cues: [Cue], headerBlocks: [String]) -> String {
        document("\(WebVTTFile.signature)\n\(timestampMap)\n", cues, headerBlocks)
    }

    /// The whole track as one ordinary WebVTT file, for a page's `<track>` element.
    package static func whole(_ list: CueList) -> String {
        document("\(WebVTTFile.signature)\n", list.cues, list.headerBlocks)
    }

    private static func document(_ head: String, _ cues: [Cue], _ headerBlocks: [String]) -> String {
        var text = head
        for block in headerBlocks { text += "\n\(block)\n" }
        for cue in cues {
            text += "\n"
            if !cue.identifier.isEmpty { text += cue.identifier + "\n" }
            text += "\(time(cue.start)) --> \(time(cue.end))\(cue.settings.isEmpty ? "" : " " + cue.settings)\n\(cue.text)\n"
        }
        return text
    }

    /// `HH:MM:SS.mmm`.
    package static func time(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        return "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)).\(padded(milliseconds % 1000, 3))"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
