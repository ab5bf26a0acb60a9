internal import Hummingbird

/// By what a client recognises what it has already (RFC 9110, 8.8), and the questions it asks with them (13.1).
struct Validators: Sendable {
    /// A strong entity tag, with its quotes.
    let tag: String
    /// nil for what has no date.
    let modified: HTTPDate?

    /// `Last-Modified` as sent.
    var lastModified: String? { modified?.description }

    /// True where the client's copy is still the right one: the answer is 304. `If-None-Match` rules alone where it is sent (13.2.2).
    func areCurrent(for headers: HTTPFields) -> Bool {
        if headers[.ifNoneMatch] != nil {
            let tags = headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }.map { String($0.trimming(" \t")) }
            return tags.contains { $0 == "*" || $0 == tag || $0 == "W/" + tag }
        }
        guard let modified, let since = headers[.ifModifiedSince].flatMap({ HTTPDate($0) }) else { return false }
        return modified <= since
    }

    /// False where a range was asked of another state of the file (`If-Range`, 13.1.5): then the answer is the whole file.
    func allowRange(for headers: HTTPFields) -> Bool {
        guard let condition = headers[.ifRange] else { return true }
        if condition.hasPrefix("\"") { return condition == tag }
        guard let modified, let date = HTTPDate(condition) else { return false }
        return date == modified
    }

    /// Puts them into an answer's headers.
    func write(to headers: inout HTTPFields) {
        headers[.eTag] = tag
        headers[.lastModified] = lastModified
    }
}

extension StringProtocol {
    /// The text without the given characters at its ends.
    func trimming(_ characters: String) -> SubSequence {
        var text = self[...]
        while let first = text.first, characters.contains(first) { text = text.dropFirst() }
        while let last = text.last, characters.contains(last) { text = text.dropLast() }
        return text
    }
}
