/// The shared credentials or config file of Amazon's tools: sections of `name = value` lines.
struct ProfileFile: Equatable {
    private(set) var profiles: [String: [String: String]] = [:]

    /// - Parameter isConfig: whether sections are called `profile NAME`, as all but the default one are in a config file.
    init(_ text: String, isConfig: Bool) {
        var current: String?
        for line in text.split(whereSeparator: \.isNewline) {
            // Indented lines belong to the setting above them, and none of ours has any.
            guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
            if first == "[" {
                current = Self.profile(line.dropFirst().prefix { $0 != "]" }, isConfig: isConfig)
            } else if let current, let equals = line.firstIndex(of: "=") {
                let name = Self.trimmed(line[..<equals]).lowercased()
                profiles[current, default: [:]][name] = Self.trimmed(line[line.index(after: equals)...])
            }
        }
    }

    /// nil: the section is no profile.
    private static func profile(_ section: Substring, isConfig: Bool) -> String? {
        let words = section.split { $0 == " " || $0 == "\t" }.map { $0.filter { $0 != "\"" && $0 != "'" } }
        guard let last = words.last else { return nil }
        if !isConfig { return words.count == 1 ? last : nil }
        return words.count == 1 ? (last == "default" ? last : nil) : (words[0] == "profile" && words.count == 2 ? last : nil)
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
    }
}
