/// WebVTT (W3C, 4.1) as a file: cues with their identifiers and settings, style sheets and regions kept, comments dropped.
package enum WebVTTFile {
    static let signature = "WEBVTT"

    package static func hasSignature(_ line: String) -> Bool {
        line == signature || line.hasPrefix(signature + " ") || line.hasPrefix(signature + "\t")
    }

    /// - Precondition: the first line has the signature.
    package static func read(_ lines: TextLines) throws(FormatError) -> CueList {
        var list = CueList()
        for (index, block) in lines.blocks().enumerated() {
            if index == 0 {
                if let cue = block.first(where: { $0.text.contains(CueTiming.arrow) }) {
                    throw lines.fault(cue, "a timing line in the header; an empty line is missing after 'WEBVTT'")
                }
                continue
            }
            switch block[0].text.split(separator: " ").first {
            case "NOTE": continue
            case "STYLE", "REGION":
                list.headerBlocks.append(block.map(\.text).joined(separator: "\n"))
            default:
                if let cue = try cue(block, of: lines) { list.cues.append(cue) }
            }
        }
        return list
    }

    /// nil for a cue without text.
    private static func cue(_ block: [TextLines.Line], of lines: TextLines) throws(FormatError) -> Cue? {
        var rest = block[...]
        var identifier = ""
        if !block[0].text.contains(CueTiming.arrow), let line = rest.popFirst() {
            guard let next = rest.first, next.text.contains(CueTiming.arrow) else {
                throw lines.fault(
                    line, "'\(line.text)' is followed by no timing line 'START --> END'; is there an empty line inside a cue?")
            }
            identifier = line.text
        }
        guard let timingLine = rest.popFirst() else { return nil }
        let timing = try CueTiming.read(timingLine, of: lines, separators: ["."])
        if let stray = rest.first(where: { $0.text.contains(CueTiming.arrow) }) {
            throw lines.fault(stray, "'-->' inside a cue; an empty line is missing before the timing line")
        }
        if rest.isEmpty { return nil }
        return Cue(
            start: timing.start, end: timing.end, identifier: identifier, settings: timing.rest,
            text: rest.map(\.text).joined(separator: "\n"))
    }
}
