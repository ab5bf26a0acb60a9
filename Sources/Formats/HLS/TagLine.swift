/// One playlist tag with an attribute list (RFC 8216, 4.2). Attributes keep the order in which they are given.
package struct TagLine {
    private let tag: String
    private var attributes: [String] = []

    package init(_ tag: String) { self.tag = tag }

    /// A quoted string; what must not stand in one (RFC 8216, 4.2) is replaced.
    package mutating func quoted(_ name: String, _ value: String) {
        let clean = value.map { character -> Character in
            character == "\"" ? "'" : character.isNewline ? " " : character
        }
        attributes.append("\(name)=\"\(String(clean))\"")
    }

    /// An enumerated string, a number or a resolution.
    package mutating func plain(_ name: String, _ value: String) {
        attributes.append("\(name)=\(value)")
    }

    package mutating func flag(_ name: String, _ value: Bool) { plain(name, value ? "YES" : "NO") }

    package var text: String { "#\(tag):\(attributes.joined(separator: ","))\n" }
}
