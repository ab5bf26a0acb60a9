/// A language tag as a person writes it, held against BCP 47 (RFC 5646): its form, and whether each subtag is registered.
enum LanguageTag {
    /// What is wrong with a tag, in words, and what was most likely meant; nil if nothing is wrong.
    static func fault(in text: String) -> (message: String, suggestion: String?)? {
        message(about: text).map { ($0, suggestion(for: text)) }
    }

    private static func message(about text: String) -> String? {
        guard hasForm(text) else { return "'\(text)' is no language tag; write it as in BCP 47, such as en, no or pt-BR" }
        let parts = text.split(separator: "-").map { $0.lowercased() }
        // A tag for private use alone says nothing to anybody else, and is allowed.
        if parts[0] == "x" { return nil }
        guard isRegistered(language: parts[0]) else {
            return "'\(text.prefix(parts[0].count))' is no registered language (BCP 47)"
        }
        return subtagFault(in: parts)
    }

    /// RFC 5646, section 2.1: subtags of one to eight letters or digits, the first of letters.
    static func hasForm(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, first.allSatisfy({ $0.isASCII && $0.isLetter }) else { return false }
        guard (2...8).contains(first.count) || (first.lowercased() == "x" && parts.count > 1) else { return false }
        return parts.dropFirst().allSatisfy { part in
            (1...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }

    /// The subtags behind the first: extended languages, a script, a region, variants, extensions, and what is private, in this order.
    private static func subtagFault(in parts: [String]) -> String? {
        var stage = Stage.extended
        var rest = parts.dropFirst()
        while let part = rest.first {
            rest = rest.dropFirst()
            if part.count == 1 {
                // An extension, or private use: its subtags are nobody's registry's.
                guard let next = rest.first, part == "x" || next.count > 1 else { return "nothing follows '-\(part)'" }
                if part == "x" { return nil }
                rest = rest.drop { $0.count > 1 }
                continue
            }
            guard let kind = Stage.allCases.first(where: { $0 >= stage && $0.hasForm(part) }) else {
                return "'\(part)' stands where no subtag of its form may"
            }
            guard kind.holds(part) else { return "'\(part)' is no registered \(kind.words) (BCP 47)" }
            stage = kind.next
        }
        return nil
    }

    /// What may follow a primary language, in its order.
    private enum Stage: Int, CaseIterable, Comparable {
        case extended, script, region, variant

        static func < (a: Stage, b: Stage) -> Bool { a.rawValue < b.rawValue }

        /// Extended languages and variants may be several.
        var next: Stage {
            switch self {
            case .extended: .extended
            case .script: .region
            case .region, .variant: .variant
            }
        }

        var words: String {
            switch self {
            case .extended: "extended language"
            case .script: "script"
            case .region: "region"
            case .variant: "variant"
            }
        }

        func hasForm(_ part: String) -> Bool {
            let isLetters = part.allSatisfy(\.isLetter)
            switch self {
            case .extended: return part.count == 3 && isLetters
            case .script: return part.count == 4 && isLetters
            case .region: return (part.count == 2 && isLetters) || (part.count == 3 && part.allSatisfy(\.isNumber))
            case .variant: return part.count >= 5 || (part.count == 4 && part.first?.isNumber == true)
            }
        }

        func holds(_ part: String) -> Bool {
            switch self {
            case .extended: LanguageTag.extended.contains(part)
            case .script: LanguageTag.scripts.contains(part) || ("qaaa"..."qabx").contains(part)
            case .region: LanguageTag.regions.contains(part) || LanguageTag.isPrivate(region: part)
            case .variant: LanguageTag.variants.contains(part)
            }
        }
    }

    // MARK: The registry

    static func isRegistered(language: String) -> Bool {
        switch language.count {
        case 2: twoLetters.contains(language)
        case 3: threeLetters.contains(language) || ("qaa"..."qtz").contains(language)
        // Longer ones are reserved: none is registered.
        default: false
        }
    }

    private static func isPrivate(region: String) -> Bool {
        ("qm"..."qz").contains(region) || ("xa"..."xz").contains(region) || region == "aa" || region == "zz"
    }

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    private static let twoLetters = words(LanguageSubtags.twoLetters)
    private static let extended = words(LanguageSubtags.extended)
    private static let scripts = words(LanguageSubtags.scripts)
    private static let regions = words(LanguageSubtags.regions)
    private static let variants = words(LanguageSubtags.variants)
    private static let threeLetters = Set(
        words(LanguageSubtags.threeLetters).flatMap { group in group.dropFirst(3).map { "\(group.prefix(2))\($0)" } })

    // MARK: What was meant

    /// `en` for `English`, `eng` and `Englisch`, `en-GB` for `en_GB` and `en-UK`; nil where nobody can say.
    private static func suggestion(for text: String) -> String? {
        let plain = text.replacing("_", with: "-")
        let parts = plain.split(separator: "-", omittingEmptySubsequences: false)
        let british = parts.map { $0.lowercased() == "uk" && parts.count > 1 && $0.startIndex != plain.startIndex ? "GB" : $0 }
        let tags = [plain, Language.bcp47(plain), british.joined(separator: "-")]
        for tag in tags where tag != text && tag != Language.undetermined && message(about: tag) == nil { return tag }
        return Language.tag(named: text)
    }
}
