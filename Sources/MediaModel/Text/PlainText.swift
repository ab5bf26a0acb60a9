/// Text of others, such as a server's words or a manifest's, as it may stand on a terminal.
package enum PlainText {
    /// Several lines, each as `line` has it.
    package static func lines(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) && $0 != "\n" }) else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }.joined(separator: "\n")
    }

    /// Without control characters, which would let a stranger move a terminal's cursor or colour what we say, and without marks that turn
    /// the order of letters round. A line break becomes a space.
    package static func line(_ text: String) -> String {
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
