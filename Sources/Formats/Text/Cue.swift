package import MediaModel

/// One piece of timed text, whatever file it came from.
package struct Cue: Hashable {
    /// Milliseconds; of the file at first, of the title after `CueList.fitted`.
    package var start: Int64
    package var end: Int64
    /// WebVTT identifier, which style sheets refer to; empty for none.
    var identifier = ""
    /// WebVTT cue settings, such as `line:0`.
    var settings = ""
    /// WebVTT cue text, lines joined by `\n`, none of them empty.
    var text: String
}

/// A subtitle file, read.
package struct CueList: Hashable {
    /// STYLE and REGION blocks, which every segment repeats.
    package var headerBlocks: [String] = []
    package var cues: [Cue] = []
    package var warnings: [String] = []

    /// Cut to the title: shifted by the trim, clipped at both ends, in order of time.
    ///
    /// - Parameters:
    ///   - trimStart: seconds of the file that become the title's 0.
    ///   - duration: of the title, seconds.
    package func fitted(trimStart: Rational, duration: Rational) -> CueList {
        let shift = (trimStart * Rational(1000)).rounded
        let length = (duration * Rational(1000)).floor
        var result = self
        var empty = 0
        var outside = 0
        result.cues = cues.compactMap { cue in
            if cue.end <= cue.start {
                empty += 1
                return nil
            }
            let start = max(0, cue.start - shift)
            let end = min(length, cue.end - shift)
            if end <= start {
                outside += 1
                return nil
            }
            return Cue(start: start, end: end, identifier: cue.identifier, settings: cue.settings, text: cue.text)
        }
        // Stable by hand: equal times keep the order of the file.
        result.cues = result.cues.enumerated()
            .sorted { ($0.element.start, $0.element.end, $0.offset) < ($1.element.start, $1.element.end, $1.offset) }
            .map(\.element)
        if empty > 0 { result.warnings.append("\(empty) cue(s) that last no time were left out") }
        if outside > 0 { result.warnings.append("\(outside) cue(s) outside the title were left out") }
        if result.cues.isEmpty { result.warnings.append("no cue falls into the title") }
        return result
    }
}
