/// One element of an XML document; attributes and children keep their order, which the MPD's schema rules.
package struct XMLElement {
    package let name: String
    private var attributes: [(name: String, value: String)]
    private var children: [XMLElement]
    private let text: String?

    package init(_ name: String, _ attributes: [(String, String?)] = [], text: String? = nil, _ children: [XMLElement] = []) {
        self.name = name
        self.attributes = attributes.compactMap { name, value in value.map { (name, $0) } }
        self.children = children
        self.text = text
    }

    package mutating func append(_ child: XMLElement) { children.append(child) }

    package mutating func append(_ more: [XMLElement]) { children += more }

    /// The whole document, two spaces for every level.
    package var document: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + lines(indent: "") }

    private func lines(indent: String) -> String {
        let start = attributes.reduce("\(indent)<\(name)") { "\($0) \($1.name)=\"\(Self.escaped($1.value))\"" }
        if let text { return "\(start)>\(Self.escaped(text))</\(name)>\n" }
        if children.isEmpty { return "\(start)/>\n" }
        return children.reduce("\(start)>\n") { $0 + $1.lines(indent: indent + "  ") } + "\(indent)</\(name)>\n"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // XML 1.0, 2.2: no other control characters may stand in a document.
            case "\t", "\n", "\r": result += " "
            case let control where control.value < 0x20: break
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
