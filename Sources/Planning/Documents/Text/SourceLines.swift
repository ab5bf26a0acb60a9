/// Lines as libyaml counts them: broken by CR, LF, both, NEL, LS and PS (YAML 1.1, section 4.2), columns in Unicode scalars.
enum SourceLines {
    /// Where in the text a place is; nil beyond its end.
    static func index(of place: Place, in text: [Unicode.Scalar]) -> Int? {
        var line = 1
        var start = 0
        while line < place.line {
            guard let end = text[start...].firstIndex(where: isBreak) else { return nil }
            start = end + 1
            if text[end] == "\r", start < text.count, text[start] == "\n" { start += 1 }
            line += 1
        }
        let index = start + place.column - 1
        return index < text.count ? index : nil
    }

    /// The text of one line, without its end; empty beyond the text.
    static func line(_ number: Int, of text: [Unicode.Scalar]) -> String {
        guard let start = index(of: Place(line: number, column: 1), in: text) else { return "" }
        var line = String.UnicodeScalarView()
        line.append(contentsOf: text[start...].prefix { !isBreak($0) })
        return String(line)
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }
}
