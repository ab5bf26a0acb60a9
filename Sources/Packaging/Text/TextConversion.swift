import Formats
package import MediaModel

/// A subtitle file becomes segments on the title's grid: WebVTT files for HLS and, beside them, the same cues as a CMAF track for DASH.
package enum TextConversion {
    /// The whole track in one file, beside its segments: browsers that play HLS without its subtitles (Chromium's own player offers none,
    /// seen in 156) show it through a page's `<track>` element.
    package static let wholeFile = "text.vtt"

    /// Reads SubRip or WebVTT, whichever the file holds, and writes `00001.vtt` and so on, `init.mp4` and `00001.m4s` and so on, and
    /// `text.vtt` with all of it, into `folder`. A cue that crosses a boundary stands in every segment that it touches, with its whole
    /// times.
    ///
    /// - Parameters:
    ///   - text: its file's clock begins with the source's. Warnings name it by its label, for they go into the package.
    ///   - path: where its file lies.
    ///   - label: how errors name the file.
    ///   - trimStart: seconds of the source that come before the title's 0.
    ///   - folder: is made where it is missing.
    /// - Returns: the facts of the `.vtt` segments in ticks of the grid; `samples` counts cues; there is no init segment among them
    ///   (`initBytes` 0). What was tolerated is in `warnings`.
    /// - Throws: `textSyntax` with file and line, or `fileSystem`.
    package static func run(
        _ text: TextPlan, path: String, label: String, trimStart: Rational, grid: Grid, into folder: String
    ) throws(PackagingError) -> MediaRecord {
        let list = try read(
            try Files.read(path), label: label, language: text.language, encoding: text.encoding, isNamedWebVTT: text.isNamedWebVTT
        ).fitted(trimStart: trimStart, duration: grid.duration)
        try Files.makeFolder(folder)
        let cmafInit = WebVTTTrack.initSegment(timescale: grid.timescale, headerBlocks: list.headerBlocks)
        try Files.write(cmafInit, to: "\(folder)/init.mp4")
        try Files.write(Array(WebVTTSegment.whole(list).utf8), to: "\(folder)/\(wholeFile)")
        var segments: [SegmentFact] = []
        for index in 0..<grid.segmentCount {
            segments.append(try write(segment: index, of: list, grid: grid, into: folder))
        }
        return MediaRecord(
            timescale: grid.timescale, segments: segments, warnings: list.warnings.map { "\(text.description): \($0)" }, initBytes: 0,
            initSHA256: "")
    }

    /// Reads a file as `run` does, and writes nothing.
    /// - Returns: what was tolerated, which `run` will tell of too.
    /// - Throws: `textSyntax` with file and line, or `fileSystem`.
    package static func check(
        file: String, label: String, language: String, encoding: TextEncoding?, isNamedWebVTT: Bool
    ) throws(PackagingError) -> [String] {
        try read(try Files.read(file), label: label, language: language, encoding: encoding, isNamedWebVTT: isNamedWebVTT).warnings
    }

    /// The cues of a file of either format, on its own clock.
    static func read(
        _ bytes: [UInt8], label: String, language: String = "en", encoding: TextEncoding? = nil, isNamedWebVTT: Bool = false
    ) throws(PackagingError) -> CueList {
        guard let (text, warning) = TextDecoding.decode(bytes, named: encoding, language: language) else {
            throw PackagingError(.textSyntax, label, "is no text in the encoding '\(encoding?.rawValue ?? "")' that the manifest names")
        }
        let lines = TextLines(text, label: label)
        var list: CueList
        if WebVTTFile.hasSignature(lines.first) {
            list = try PackagingError.reading { () throws(FormatError) in try WebVTTFile.read(lines) }
        } else if isNamedWebVTT {
            throw PackagingError(.textSyntax, "\(label):1", "does not begin with 'WEBVTT', as every WebVTT file does")
        } else {
            list = try PackagingError.reading { () throws(FormatError) in try SubRipFile.read(lines) }
        }
        if let warning { list.warnings.append(warning) }
        return list
    }

    private static func write(
        segment index: Int, of list: CueList, grid: Grid, into folder: String
    ) throws(PackagingError) -> SegmentFact {
        let frames = grid.frames(ofSegment: index)
        let ticks = Int64(frames.lowerBound) * grid.frameTicks..<Int64(frames.upperBound) * grid.frameTicks
        let start = grid.time(ofFrame: frames.lowerBound)
        let end = grid.time(ofFrame: frames.upperBound)
        let cues = list.cues.enumerated().filter { Rational($1.start, 1000) < end && start < Rational($1.end, 1000) }
            .map { (source: $0.offset, cue: $0.element) }
        let text = Array(WebVTTSegment.text(cues.map(\.cue), headerBlocks: list.headerBlocks).utf8)
        let stem = "\(folder)/\(SegmentFact.stem(index + 1))"
        try Files.write(text, to: "\(stem).vtt")
        try Files.write(
            WebVTTTrack.segment(number: index + 1, ticks: ticks, cues: cues, timescale: grid.timescale), to: "\(stem).m4s")
        return SegmentFact(
            number: index + 1, start: ticks.lowerBound, duration: ticks.upperBound - ticks.lowerBound, samples: cues.count,
            bytes: Int64(text.count), sha256: Files.sha256(text))
    }
}
