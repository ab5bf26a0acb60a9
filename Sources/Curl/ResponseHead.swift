/// Status and headers of the answer that is coming in; those of interim answers (`100 Continue`) are dropped when the next one begins.
struct ResponseHead {
    private(set) var status = 0
    private(set) var fields: [HTTPField] = []

    /// - Parameter line: a whole line with its line break, as libcurl hands it over.
    mutating func append(_ line: String) {
        let line = line.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        if line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ")
            status = words.count > 1 ? Int(words[1]) ?? 0 : 0
            fields = []
        } else if let colon = line.firstIndex(of: ":"), colon != line.startIndex {
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            let end = value.lastIndex { $0 != " " && $0 != "\t" }
            fields.append(HTTPField(String(line[..<colon]), end.map { String(value[...$0]) } ?? ""))
        }
    }
}
