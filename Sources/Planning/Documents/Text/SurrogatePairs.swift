/// JSON writes a character beyond U+FFFF as two escapes (RFC 8259, section 7), which YAML does not know.
enum SurrogatePairs {
    /// The text with every `\uD83D\uDE00` written as YAML's `\U0001F600`; columns after one move by two within its line.
    static func joined(_ text: String) -> String {
        guard text.contains("\\u") else { return text }
        let input = Array(text.unicodeScalars)
        var output = String.UnicodeScalarView()
        var index = 0
        while index < input.count {
            guard input[index] == "\\" else {
                output.append(input[index])
                index += 1
                continue
            }
            if let high = escape(in: input, at: index), (0xD800..<0xDC00).contains(high),
                let low = escape(in: input, at: index + 6), (0xDC00..<0xE000).contains(low)
            {
                let hex = String(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00), radix: 16, uppercase: true)
                output.append(contentsOf: ("\\U" + String(repeating: "0", count: 8 - hex.count) + hex).unicodeScalars)
                index += 12
            } else {
                // An escaped character is copied whole, so that `\\u` is not taken for an escape.
                output.append(contentsOf: input[index..<min(index + 2, input.count)])
                index += 2
            }
        }
        return String(output)
    }

    private static func escape(in text: [Unicode.Scalar], at index: Int) -> UInt32? {
        guard index + 6 <= text.count, text[index] == "\\", text[index + 1] == "u" else { return nil }
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: text[index + 2..<index + 6])
        return UInt32(String(digits), radix: 16)
    }
}
