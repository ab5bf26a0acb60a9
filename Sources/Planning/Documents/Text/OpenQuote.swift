/// Finds the quote that somebody forgot to close: the parser only sees where the text that it swallowed stops making sense.
enum OpenQuote {
    /// Where the quote opens that ends nowhere, or that reaches over the end of its line up to the line of a syntax error; nil where the
    /// error has another cause.
    static func opening(before error: Place, in text: [Unicode.Scalar]) -> Place? {
        var place = Place.start
        var open: (quote: Unicode.Scalar, place: Place)?
        /// The last quoted text that went over the end of a line.
        var long: (opening: Place, end: Place)?
        var before: Unicode.Scalar = "\n"
        var index = 0
        while index < text.count, place.line <= error.line {
            let scalar = text[index]
            if let quote = open {
                if quote.quote == "\"", scalar == "\\" {
                    // The next one is escaped, whatever it is.
                    index += 1
                    place = text.indices.contains(index) ? next(place, text[index]) : place
                } else if scalar == quote.quote {
                    if scalar == "'", text.indices.contains(index + 1), text[index + 1] == "'" {
                        index += 1
                        place.column += 1
                    } else {
                        if quote.place.line < place.line { long = (quote.place, place) }
                        open = nil
                    }
                }
            } else if scalar == "#", before == "\n" || before == " " || before == "\t" {
                while text.indices.contains(index + 1), text[index + 1] != "\n" {
                    index += 1
                    place.column += 1
                }
            } else if scalar == "\"" || scalar == "'", beginsValue(at: index, in: text) {
                open = (scalar, place)
            }
            before = scalar
            place = next(place, scalar)
            index += 1
        }
        if let open, index == text.count { return open.place }
        return long.flatMap { $0.end.line == error.line ? $0.opening : nil }
    }

    private static func next(_ place: Place, _ scalar: Unicode.Scalar) -> Place {
        scalar == "\n" ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
    }

    /// Inside a plain text a quote is a letter like others: `it's`.
    private static func beginsValue(at index: Int, in text: [Unicode.Scalar]) -> Bool {
        let earlier = text[..<index].last { $0 != " " && $0 != "\t" }
        guard let earlier else { return true }
        return ["\n", "\r", ":", "-", "[", "{", ",", "?"].contains(earlier)
    }
}
