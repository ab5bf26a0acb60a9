/// Addresses as they may be shown: what stands before an `@` may be a password, and a query may be a signature.
package enum ShownAddress {
    /// An address, however wrong, without its name and password; but of a bucket or a file, whose names may hold a `?`, without its query
    /// too. Anything else as it is.
    package static func of(_ text: String) -> String {
        guard let scheme = scheme(of: text) else { return text }
        var rest = text[text.index(scheme.endIndex, offsetBy: 3)...]
        rest = rest[host(of: rest).lowerBound...]
        if !["s3", "file", "sqlite"].contains(scheme.lowercased()) { rest = rest.prefix { $0 != "?" } }
        return "\(scheme)://\(rest)"
    }

    /// Whether a name stands before an address's host.
    package static func holdsName(_ text: String) -> Bool {
        guard let scheme = scheme(of: text) else { return false }
        let rest = text[text.index(scheme.endIndex, offsetBy: 3)...]
        return host(of: rest).lowerBound > rest.startIndex
    }

    /// A line for people, with every address in it without its name and password. `a:/b` is what is left of one that was taken for a path.
    package static func clean(_ line: String) -> String {
        guard line.contains("@"), line.contains(":/") else { return line }
        return line.split(separator: " ", omittingEmptySubsequences: false).map(cleanWord).joined(separator: " ")
    }

    private static func cleanWord(_ word: Substring) -> String {
        guard let colon = word.firstRange(of: ":/") else { return String(word) }
        let rest = word[colon.upperBound...].drop { $0 == "/" }
        // One letter is a drive, and a file has no host.
        let scheme = word[..<colon.lowerBound]
        let isScheme = scheme.suffix(2).filter { $0.isLetter || $0.isNumber }.count == 2 && !scheme.hasSuffix("file")
        return String(word[..<rest.startIndex]) + (isScheme ? rest[host(of: rest).lowerBound...] : rest)
    }

    private static func scheme(of text: String) -> Substring? {
        guard let end = text.firstRange(of: "://")?.lowerBound, case let scheme = text[..<end], scheme.first?.isLetter == true,
            scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        else { return nil }
        return scheme
    }

    /// From behind the name and password to the first slash; they may hold slashes themselves, though they should not.
    private static func host(of rest: Substring) -> Range<Substring.Index> {
        let first = rest.prefix { $0 != "/" && $0 != "?" }
        if let at = first.lastIndex(of: "@") { return first.index(after: at)..<first.endIndex }
        // `user:pa/ss@host`: what follows a colon in a host is a port, or part of an address in brackets.
        guard !first.hasPrefix("["), let colon = first.lastIndex(of: ":"), case let port = first[first.index(after: colon)...],
            !port.allSatisfy({ $0.isASCII && $0.isNumber }), let at = rest.lastIndex(of: "@")
        else { return first.startIndex..<first.endIndex }
        let host = rest[rest.index(after: at)...].prefix { $0 != "/" && $0 != "?" }
        return host.startIndex..<host.endIndex
    }
}
