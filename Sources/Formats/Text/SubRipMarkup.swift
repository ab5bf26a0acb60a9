/// SubRip's borrowed markup to WebVTT cue text: `<i>`, `<b>` and `<u>` stay, in proper nesting; `<font>` and `{\…}` go; all else is text.
struct SubRipMarkup {
    /// WebVTT cue text without empty lines.
    private(set) var text = ""
    /// `{\an7}` to `{\an9}`: the cue stands at the top of the picture.
    private(set) var isOnTop = false

    private static let kept: Set<String> = ["i", "b", "u"]
    private static let entities: Set<String> = ["&amp;", "&lt;", "&gt;", "&nbsp;", "&lrm;", "&rlm;"]
    private var open: [String] = []

    static func webVTT(_ raw: String) -> SubRipMarkup {
        var markup = SubRipMarkup()
        markup.read(raw[...])
        while let tag = markup.open.popLast() { markup.text += "</\(tag)>" }
        // An empty line would end the cue.
        markup.text = markup.text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }.joined(separator: "\n")
        return markup
    }

    private mutating func read(_ raw: Substring) {
        var rest = raw
        while let character = rest.first {
            switch character {
            case "<":
                if let end = rest.firstIndex(of: ">"), tag(rest[rest.index(after: rest.startIndex)..<end]) {
                    rest = rest[rest.index(after: end)...]
                    continue
                }
                text += "&lt;"
            case "{":
                if rest.hasPrefix("{\\"), let end = rest.firstIndex(of: "}") {
                    let override = rest[..<end]
                    if ["\\an7", "\\an8", "\\an9"].contains(where: override.contains) { isOnTop = true }
                    rest = rest[rest.index(after: end)...]
                    continue
                }
                text += "{"
            case "&":
                let entity = rest.firstIndex(of: ";").map { String(rest[...$0]) }
                text += entity.map(Self.entities.contains) == true ? "&" : "&amp;"
            case ">": text += "&gt;"
            default: text.append(character)
            }
            rest = rest.dropFirst()
        }
    }

    /// Takes what stands between `<` and `>`; false where it is no tag.
    private mutating func tag(_ content: Substring) -> Bool {
        let isEnd = content.hasPrefix("/")
        let name = content.drop { $0 == "/" }.prefix { $0.isLetter }.lowercased()
        if name == "font" { return true }
        guard Self.kept.contains(name), content.drop(while: { $0 == "/" }).count == name.count else { return false }
        if !isEnd {
            open.append(name)
            text += "<\(name)>"
        } else if open.contains(name) {
            // `<i><b></i></b>`: close what was opened later, too.
            while let last = open.popLast() {
                text += "</\(last)>"
                if last == name { break }
            }
        }
        return true
    }
}
