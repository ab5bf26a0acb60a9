/// Finds the word that a person most likely meant.
enum NearestWord {
    /// The nearest of `words`, or nil where none is near enough to be more help than noise.
    static func to(_ word: String, in words: [String]) -> String? {
        let given = plain(word)
        guard !given.isEmpty else { return nil }
        let ranked = words.map { (word: $0, distance: distance(given, plain($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.word != word else { return nil }
        let longest = max(given.count, plain(best.word).count)
        return best.distance <= max(1, longest / 3) && best.distance < longest ? best.word : nil
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
