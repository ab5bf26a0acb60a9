import MediaModel
import Yams

/// Turns the YAML parser's complaints into sentences that say what to do.
enum YAMLFault {
    static func diagnostic(_ error: YamlError, file: String, text: [Unicode.Scalar]) -> Diagnostic {
        let (place, message) = describe(error, text: text)
        return Diagnostic(file: file, line: place.line, column: place.column, key: "", message: message)
    }

    private static func describe(_ error: YamlError, text: [Unicode.Scalar]) -> (Place, String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = Place(line: mark.line, column: mark.column)
            if let opening = OpenQuote.opening(before: place, in: text) {
                return (opening, "YAML syntax: the quote that opens here is not closed on its line; close it")
            }
            return (place, sentence(context?.text, problem, at: place, text: text))
        case .reader(let problem, let offset, _, let yaml):
            return (offset.map { place(ofCharacter: $0, in: yaml) } ?? .start, "not a text file: \(problem)")
        default:
            return (.start, "YAML syntax: \(error)")
        }
    }

    private static func sentence(_ context: String?, _ problem: String, at place: Place, text: [Unicode.Scalar]) -> String {
        if problem.contains("found another document") {
            return "a second document begins here; one file holds one manifest or preset"
        }
        let line = SourceLines.line(place.line, of: text)
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return "YAML syntax: the line is indented with a tab; use spaces"
        }
        let said = [context, problem].compactMap { $0 }.joined(separator: ", ")
        return "YAML syntax: \(said)\(hint(for: problem))"
    }

    private static func hint(for problem: String) -> String {
        if problem.contains("mapping values are not allowed") { return "; put quotes around a text that holds ': '" }
        if problem.contains("unexpected end of stream") { return "; a quote or bracket is never closed" }
        if problem.contains("did not find expected") || problem.contains("could not find expected") {
            return "; look at the indentation, quotes and brackets of this line and the one before"
        }
        if problem.contains("cannot start any token") { return "; put quotes around the text" }
        if problem.contains("undefined alias") { return "; YAML aliases (*) are not read: put quotes around a text that begins with '*'" }
        return ""
    }

    private static func place(ofCharacter offset: Int, in yaml: String) -> Place {
        var place = Place.start
        for character in yaml.prefix(offset) {
            place = character.isNewline ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
        }
        return place
    }
}
