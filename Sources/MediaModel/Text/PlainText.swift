/// Text of others, such as a server's words, as it may stand in a line on a terminal.
enum PlainText {
    /// Without control characters, which would let a server move a terminal's cursor or colour what we say, and without marks that turn the
    /// order of letters round. A line break becomes a space.
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !isControl(scalar) {
                line.append(scalar)
            } else if scalar.properties.isWhitespace, line.last != " " {
                line.append(" ")
            }
        }
        return String(line)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F: false
        case 0x202A...0x202E, 0x2066...0x2069: true
        default: [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
        }
    }
}
