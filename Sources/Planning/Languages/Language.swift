/// Languages as containers write them (ISO 639-2, bibliographic or terminological) and as playlists want them (BCP 47, the shortest code:
/// RFC 5646, 2.2.1).
package enum Language {
    /// Nobody says (ISO 639-2).
    static let undetermined = "und"

    /// The shortest BCP 47 tag: `fre` and `fra` become `fr`, `pt-BR` stays; `und` for nil and for what is no tag.
    package static func bcp47(_ code: String?) -> String {
        guard let code, isTag(code) else { return undetermined }
        let parts = code.split(whereSeparator: { $0 == "-" || $0 == "_" })
        let primary = parts[0].lowercased()
        let short = byCode[primary]?.tag ?? primary
        return ([short] + parts.dropFirst().map(String.init)).joined(separator: "-")
    }

    /// The language's English name, with a region or script in brackets; nil where the table does not hold it.
    static func englishName(_ tag: String) -> String? {
        let parts = tag.split(separator: "-")
        guard let primary = parts.first, let entry = byCode[primary.lowercased()] else { return nil }
        return parts.count == 1 ? entry.name : "\(entry.name) (\(parts.dropFirst().joined(separator: "-")))"
    }

    /// The tag of a language by its English name, or one that is near to it; nil where no name is.
    static func tag(named name: String) -> String? {
        guard let nearest = NearestWord.to(name, in: byName.keys.sorted()) ?? byName.keys.first(where: { $0 == name }) else {
            return nil
        }
        return byName[nearest]
    }

    /// The tag as part of a folder's name, `[a-z0-9-]`.
    static func folder(_ tag: String) -> String { tag.lowercased() }

    /// Subtags of 1 to 8 letters or digits, the first of 2 to 8 letters.
    private static func isTag(_ text: String) -> Bool {
        let parts = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "-" || $0 == "_" })
        guard let first = parts.first, (2...8).contains(first.count), first.allSatisfy({ $0.isASCII && $0.isLetter }) else { return false }
        return parts.dropFirst().allSatisfy { part in
            (1...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }

    private struct Entry {
        let tag: String
        let name: String
    }

    /// Tags by English names.
    private static let byName: [String: String] = Dictionary(
        byCode.values.map { ($0.name, $0.tag) }, uniquingKeysWith: { first, _ in first })

    /// By every code that means the language.
    private static let byCode: [String: Entry] = {
        var entries: [String: Entry] = [:]
        for line in LanguageTable.lines.split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 1)
            let codes = fields[0].split(separator: ",").map(String.init)
            let entry = Entry(tag: codes[0], name: String(fields[1]))
            for code in codes { entries[code] = entry }
        }
        return entries
    }()
}
