package import MediaModel

extension RefreshScope {
    /// What `--refresh` and `refresh:` say: one of the words, several with commas, or `all`.
    /// - Returns: empty for nil, and for a word that is none.
    package static func named(_ text: String?) -> Set<RefreshScope> {
        guard let text else { return [] }
        if text == "all" { return Set(allCases) }
        let words = text.split(separator: ",").map { RefreshScope(rawValue: String($0)) }
        return words.contains(nil) ? [] : Set(words.compactMap(\.self))
    }
}
