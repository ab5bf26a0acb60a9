/// Hands out names of which no two are alike: the second `English` becomes `English 2`.
struct UniqueNames {
    private let separator: String
    private var taken: Set<String> = []

    init(joinedBy separator: String) {
        self.separator = separator
    }

    mutating func unique(_ name: String) -> String {
        var candidate = name
        var number = 1
        while !taken.insert(candidate).inserted {
            number += 1
            candidate = "\(name)\(separator)\(number)"
        }
        return candidate
    }
}

/// A track's title out of a container: whatever a stranger's program wrote there.
enum PlainLabel {
    private static let longest = 80

    /// One line without control characters or doubled spaces; nil where nothing is left.
    static func cleaned(_ text: String?) -> String? {
        guard let text else { return nil }
        let visible = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
        let words = visible.split(whereSeparator: \.isWhitespace)
        let line = String(words.joined(separator: " ").prefix(longest))
        return line.isEmpty ? nil : line
    }
}
