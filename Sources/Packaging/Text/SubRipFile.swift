/// SubRip (`.srt`): numbered blocks of a timing line and text. There is no specification; this is what players read.
enum SubRipFile {
    static func read(_ lines: TextLines) throws(PackagingError) -> CueList {
        var list = CueList()
        for block in lines.blocks() {
            var rest = block[...]
            if !block[0].text.contains(CueTiming.arrow) {
                guard let number = rest.popFirst(), isCounter(number.text) else {
                    throw lines.fault(
                        block[0], "'\(block[0].text)' is neither a cue number nor a timing line; is there an empty line inside a cue?")
                }
                guard rest.first != nil else { continue }
            }
            guard let timingLine = rest.popFirst() else { continue }
            let timing = try CueTiming.read(timingLine, of: lines, separators: [",", "."])
            if let stray = rest.first(where: { $0.text.contains(CueTiming.arrow) && $0.text.first?.isNumber == true }) {
                throw lines.fault(stray, "a timing line inside a cue; an empty line is missing before it")
            }
            let markup = SubRipMarkup.webVTT(rest.map(\.text).joined(separator: "\n"))
            if markup.text.isEmpty { continue }
            list.cues.append(
                Cue(start: timing.start, end: timing.end, settings: markup.isOnTop ? "line:0" : "", text: markup.text))
        }
        return list
    }

    private static func isCounter(_ text: String) -> Bool {
        let trimmed = text.filter { !$0.isWhitespace }
        return !trimmed.isEmpty && trimmed.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
