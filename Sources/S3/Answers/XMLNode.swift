/// An element of an XML answer, read strictly and without anything that S3 does not write: no document types, so no entities of its own.
///
/// Foundation's reader would bring libxml2, and what it does with a hostile document is not ours to know.
struct XMLNode: Equatable {
    /// Without its namespace's prefix.
    let name: String
    fileprivate(set) var children: [XMLNode] = []
    /// What stands directly in the element.
    fileprivate(set) var text = ""

    fileprivate init(name: String) { self.name = name }

    /// The text of the first child of this name.
    subscript(_ name: String) -> String? { first(name)?.text }

    func first(_ name: String) -> XMLNode? { children.first { $0.name == name } }

    func all(_ name: String) -> [XMLNode] { children.filter { $0.name == name } }
}

extension XMLNode {
    /// The root element of a document; nil for anything that is not well-formed.
    init?(_ document: [UInt8]) {
        guard let text = String(validating: document, as: UTF8.self) else { return nil }
        var reader = XMLReader(text)
        guard let root = reader.document() else { return nil }
        self = root
    }
}

/// Reads from the front to the back; nil at the first thing that may not be there.
private struct XMLReader {
    private var rest: Substring.UnicodeScalarView
    private static let deepest = 32

    init(_ text: String) { rest = text.unicodeScalars[...] }

    mutating func document() -> XMLNode? {
        if rest.first == "\u{FEFF}" { rest.removeFirst() }
        guard skipProlog(), take("<"), let root = element(depth: 0) else { return nil }
        guard skipProlog(), rest.isEmpty else { return nil }
        return root
    }

    /// Blanks, comments and the declaration.
    private mutating func skipProlog() -> Bool {
        while true {
            skipBlanks()
            if take("<?") {
                guard skip(through: "?>") else { return false }
            } else if take("<!--") {
                guard skip(through: "-->") else { return false }
            } else {
                return true
            }
        }
    }

    /// An element whose `<` is behind us.
    private mutating func element(depth: Int) -> XMLNode? {
        guard depth < Self.deepest, let fullName = name() else { return nil }
        var node = XMLNode(name: fullName.split(separator: ":").last.map(String.init) ?? fullName)
        while true {
            let hadBlank = skipBlanks()
            if take("/>") { return node }
            if take(">") { break }
            guard hadBlank, attribute() else { return nil }
        }
        while true {
            if take("</") {
                guard name() == fullName else { return nil }
                skipBlanks()
                return take(">") ? node : nil
            } else if take("<!--") {
                guard skip(through: "-->") else { return nil }
            } else if take("<![CDATA[") {
                while !take("]]>") {
                    guard let next = rest.popFirst() else { return nil }
                    node.text.unicodeScalars.append(next)
                }
            } else if take("<") {
                guard let child = element(depth: depth + 1) else { return nil }
                node.children.append(child)
            } else {
                guard let next = character() else { return nil }
                node.text.unicodeScalars.append(next)
            }
        }
    }

    /// Read and forgotten: S3 says nothing in attributes but namespaces.
    private mutating func attribute() -> Bool {
        guard name() != nil else { return false }
        skipBlanks()
        guard take("=") else { return false }
        skipBlanks()
        guard let quote = rest.popFirst(), quote == "\"" || quote == "'" else { return false }
        while rest.first != quote {
            guard rest.first != "<", character() != nil else { return false }
        }
        rest.removeFirst()
        return true
    }

    private mutating func name() -> String? {
        let found = rest.prefix { $0.properties.isAlphabetic || $0.properties.numericType != nil || "-._:".unicodeScalars.contains($0) }
        guard let first = found.first, first.properties.isAlphabetic || first == "_" else { return nil }
        rest.removeFirst(found.count)
        return String(found)
    }

    /// One character of a text, entities resolved.
    private mutating func character() -> Unicode.Scalar? {
        guard let next = rest.popFirst() else { return nil }
        guard next == "&" else { return next.value >= 0x20 || "\t\n\r".unicodeScalars.contains(next) ? next : nil }
        guard let end = rest.prefix(12).firstIndex(of: ";") else { return nil }
        let entity = String(rest[..<end])
        rest = rest[rest.index(after: end)...]
        switch entity {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard entity.hasPrefix("#") else { return nil }
            let digits = entity.dropFirst()
            let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return number.flatMap(Unicode.Scalar.init)
        }
    }

    @discardableResult
    private mutating func skipBlanks() -> Bool {
        let blanks = rest.prefix { " \t\r\n".unicodeScalars.contains($0) }
        rest.removeFirst(blanks.count)
        return !blanks.isEmpty
    }

    private mutating func take(_ mark: String) -> Bool {
        guard rest.starts(with: mark.unicodeScalars) else { return false }
        rest.removeFirst(mark.unicodeScalars.count)
        return true
    }

    private mutating func skip(through mark: String) -> Bool {
        while !take(mark) {
            guard rest.popFirst() != nil else { return false }
        }
        return true
    }
}
