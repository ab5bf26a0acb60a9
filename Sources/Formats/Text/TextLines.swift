/// The lines of a subtitle file, numbered for messages, taken block by block: a block is a run of lines that are not empty.
package struct TextLines {
    struct Line {
        /// From 1.
        let number: Int
        let text: String
    }

    /// The file, as messages name it.
    package let label: String
    private let lines: [Line]

    /// Line ends of every kind count (WebVTT, 4.1); NUL becomes the replacement character.
    package init(_ text: String, label: String) {
        self.label = label
        var lines: [Line] = []
        var current = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where afterReturn: break
            case "\n", "\r":
                lines.append(Line(number: lines.count + 1, text: String(current)))
                current = String.UnicodeScalarView()
            case "\0": current.append("\u{FFFD}")
            default: current.append(scalar)
            }
            afterReturn = scalar == "\r"
        }
        if !current.isEmpty { lines.append(Line(number: lines.count + 1, text: String(current))) }
        self.lines = lines
    }

    package var first: String { lines.first?.text ?? "" }

    func blocks() -> [[Line]] {
        lines.split { $0.text.allSatisfy(\.isWhitespace) }.map(Array.init)
    }

    func fault(_ line: Line, _ detail: String) -> FormatError {
        FormatError(.textSyntax, "\(label):\(line.number)", detail)
    }
}

/// `START --> END`, the line that both formats share.
struct CueTiming {
    var start: Int64
    var end: Int64
    /// What follows the times.
    var rest: String

    static let arrow = "-->"

    /// - Parameter separator: before the milliseconds; SubRip has a comma (and, from careless tools, a point), WebVTT a point.
    static func read(_ line: TextLines.Line, of lines: TextLines, separators: Set<Character>) throws(FormatError) -> CueTiming {
        let parts = line.text.split(separator: " ", omittingEmptySubsequences: true).flatMap { $0.split(separator: "\t") }
        guard parts.count >= 3, parts[1] == arrow else {
            throw lines.fault(line, "'\(line.text)' is no timing line 'START --> END'")
        }
        guard let start = milliseconds(parts[0], separators) else {
            throw lines.fault(line, "'\(parts[0])' is no time HH:MM:SS\(separators.contains(",") ? "," : ".")mmm")
        }
        guard let end = milliseconds(parts[2], separators) else {
            throw lines.fault(line, "'\(parts[2])' is no time HH:MM:SS\(separators.contains(",") ? "," : ".")mmm")
        }
        guard end >= start else { throw lines.fault(line, "the cue ends (\(parts[2])) before it begins (\(parts[0]))") }
        return CueTiming(start: start, end: end, rest: parts.dropFirst(3).joined(separator: " "))
    }

    private static func milliseconds(_ text: Substring, _ separators: Set<Character>) -> Int64? {
        let halves = text.split(omittingEmptySubsequences: false) { separators.contains($0) }
        guard halves.count == 2, halves[1].count == 3, let thousandths = number(halves[1]) else { return nil }
        let fields = halves[0].split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(fields.count) else { return nil }
        var seconds: Int64 = 0
        for (index, field) in fields.enumerated() {
            guard let value = number(field), index == 0 || (field.count == 2 && value < 60), value < 100_000 else { return nil }
            seconds = seconds * 60 + value
        }
        return seconds * 1000 + thousandths
    }

    private static func number(_ text: Substring) -> Int64? {
        text.allSatisfy { $0.isASCII && $0.isNumber } ? Int64(text) : nil
    }
}
