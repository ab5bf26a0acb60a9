/// Finds the word that a person most likely meant.
package enum NearestWord {
    /// The nearest of `words`, or nil where none is near enough to be more help than noise.
    package static func to(_ word: String, in words: [String]) -> String? {
        let given = plain(word)
        guard !given.isEmpty else { return nil }
        var best: (word: String, distance: Int)?
        for word in words {
            let other = plain(word)
            let longest = max(given.count, other.count)
            let allowed = min(max(1, longest / 3), longest - 1)
            // The lengths alone may tell that it is too far.
            guard abs(given.count - other.count) <= allowed else { continue }
            let distance = distance(given, other)
            if distance <= allowed, distance < best?.distance ?? .max { best = (word, distance) }
        }
        return best.map { $0.word == word ? nil : $0.word } ?? completed(given, in: words)
    }

    /// `segment` is short for `segment_seconds`, if nothing else begins so.
    private static func completed(_ given: [Character], in words: [String]) -> String? {
        let longer = words.filter { given.count >= 3 && plain($0).starts(with: given) }
        return longer.count == 1 ? longer[0] : nil
    }

    /// Case, hyphens and underscores are what people mix up first: `Max-Rate` is `max_rate`.
    private static func plain(_ word: String) -> [Character] {
        word.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }.map { $0 }
    }

    /// Edits (insert, delete, replace, swap neighbours) that turn one word into the other: optimal string alignment.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, beforeLast[j - 2] + 1) }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
