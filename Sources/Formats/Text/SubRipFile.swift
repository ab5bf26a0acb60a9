/// SubRip (`.srt`): numbered blocks of a timing line and text. There is no specification; this is what players read.
///
/// A cue goes on until the next timing line and the number above it: empty lines inside it, which careless tools write, end nothing.
package enum SubRipFile {
    package static func read(_ lines: TextLines) throws(FormatError) -> CueList {
        var list = CueList()
        var open: OpenCue?
        var broken = 0
        for block in cues(lines.blocks()) {
            guard block.isCue else {
                guard open != nil else {
                    throw lines.fault(
                        block.lines[0], "'\(block.lines[0].text)' is neither a cue number nor a timing line, and no cue stands before it")
                }
                open?.lines += block.lines
                broken += 1
                continue
            }
            if let open { list.add(open) }
            open = try openCue(block.lines, of: lines)
        }
        if let open { list.add(open) }
        if broken > 0 { list.warnings.append("\(broken) empty line(s) inside cues were left out") }
        return list
    }

    /// A cue whose text may go on in the next block.
    fileprivate struct OpenCue {
        var timing: CueTiming
        var lines: [TextLines.Line]
    }

    private struct Block {
        var lines: [TextLines.Line]
        /// Begins with a timing line, or with a number above one.
        var isCue: Bool
    }

    /// Finds where cues begin, and drops numbers that belong to no text: the last of a file, or one that an empty line parts from its
    /// times.
    private static func cues(_ blocks: [[TextLines.Line]]) -> [Block] {
        var found: [Block] = []
        for (index, block) in blocks.enumerated() {
            let isNumbered = block.count > 1 && isCounter(block[0].text) && isTiming(block[1])
            let isLoneNumber = block.count == 1 && isCounter(block[0].text)
            if isLoneNumber, index + 1 == blocks.count || isTiming(blocks[index + 1][0]) { continue }
            found.append(Block(lines: isNumbered ? Array(block.dropFirst()) : block, isCue: isNumbered || isTiming(block[0])))
        }
        return found
    }

    /// Also one with a slip in its arrow, which is then told.
    private static func isTiming(_ line: TextLines.Line) -> Bool {
        line.text.contains(CueTiming.arrow) || (line.text.first?.isNumber == true && line.text.contains("->") && line.text.contains(":"))
    }

    private static func openCue(_ block: [TextLines.Line], of lines: TextLines) throws(FormatError) -> OpenCue {
        let timing = try CueTiming.read(block[0], of: lines, separators: [",", "."])
        let rest = Array(block.dropFirst())
        if let stray = rest.first(where: { $0.text.contains(CueTiming.arrow) && $0.text.first?.isNumber == true }) {
            throw lines.fault(stray, "a timing line inside a cue; an empty line is missing before it")
        }
        return OpenCue(timing: timing, lines: rest)
    }

    private static func isCounter(_ text: String) -> Bool {
        let trimmed = text.filter { !$0.isWhitespace }
        return !trimmed.isEmpty && trimmed.allSatisfy { $0.isASCII && $0.isNumber }
    }
}

extension CueList {
    /// Nothing for a cue without text.
    fileprivate mutating func add(_ cue: SubRipFile.OpenCue) {
        let markup = SubRipMarkup.webVTT(cue.lines.map(\.text).joined(separator: "\n"))
        if markup.text.isEmpty { return }
        cues.append(Cue(start: cue.timing.start, end: cue.timing.end, settings: markup.isOnTop ? "line:0" : "", text: markup.text))
    }
}
