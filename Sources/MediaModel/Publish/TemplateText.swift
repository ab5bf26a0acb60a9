/// Text with places to fill in: `{title}` and its like by the pipeline, `${NAME}` from the environment. Other braces stay, as JSON has
/// them.
package struct TemplateText: Hashable, Sendable {
    /// What the pipeline fills in.
    package enum Field: String, Hashable, Sendable, CaseIterable {
        case title, version, path, url
    }

    package enum Piece: Hashable, Sendable {
        case text(String)
        case field(Field)
        /// Of the environment.
        case variable(String)
    }

    package let pieces: [Piece]

    /// Plain text.
    package init(text: String) { pieces = [.text(text)] }

    /// - Throws: `TemplateFault`.
    package init(_ text: String, fields: [Field] = Field.allCases) throws(TemplateFault) {
        var pieces: [Piece] = []
        var plain = ""
        var rest = text[...]
        while let character = rest.first {
            let isVariable = rest.hasPrefix("${")
            guard isVariable || character == "{" else {
                plain.append(rest.removeFirst())
                continue
            }
            let name = rest.dropFirst(isVariable ? 2 : 1).prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            let end = rest[name.endIndex...]
            guard end.first == "}", let first = name.first, first.isLetter || first == "_" else {
                if isVariable { throw TemplateFault("'${' must be followed by the name of a variable and '}'") }
                plain.append(rest.removeFirst())
                continue
            }
            pieces += plain.isEmpty ? [] : [.text(plain)]
            plain = ""
            if isVariable {
                pieces.append(.variable(String(name)))
            } else if let field = Field(rawValue: String(name)), fields.contains(field) {
                pieces.append(.field(field))
            } else {
                let known = fields.map { "{\($0.rawValue)}" }.joined(separator: ", ")
                throw TemplateFault("'{\(name)}' is nothing that is filled in" + (known.isEmpty ? "" : "; known: \(known)"))
            }
            rest = end.dropFirst()
        }
        self.pieces = plain.isEmpty ? pieces : pieces + [.text(plain)]
    }

    /// Names of the environment that it wants.
    package var variables: [String] {
        pieces.compactMap { if case .variable(let name) = $0 { name } else { nil } }
    }

    /// As it was written: what may be shown.
    package var written: String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .field(let field): "{\(field.rawValue)}"
            case .variable(let name): "${\(name)}"
            }
        }.joined()
    }

    /// The text with everything filled in; what `value` does not know is left out.
    package func filled(_ value: (Piece) -> String?) -> String {
        pieces.map { piece in if case .text(let text) = piece { text } else { value(piece) ?? "" } }.joined()
    }
}

/// What is wrong with a template, in words.
package struct TemplateFault: Error, Hashable, Sendable {
    package let message: String

    init(_ message: String) { self.message = message }
}
