import MediaModel

/// JSON Schema, draft 2020-12, made from the declarations that the strict reader reads by.
///
/// An editor's YAML parser types scalars before it looks at a schema, so a text may also be a number or a boolean there: `name: 1917`.
enum JSONSchema {
    static func document(title: String, _ shape: RecordShape) -> String {
        guard case .object(let members) = object(shape) else { return "" }
        let head: [JSONValue.Member] = [
            .init(key: "$schema", value: .text("https://json-schema.org/draft/2020-12/schema")),
            .init(key: "title", value: .text(title)),
        ]
        return JSONValue.object(head + members).written() + "\n"
    }

    private static func object(_ shape: RecordShape) -> JSONValue {
        let fields = shape.fields.filter { shape.keys.contains($0.key) }
        let required = fields.filter(\.isRequired).map { JSONValue.text($0.key) }
        return .object([
            "description": shape.doc.isEmpty ? nil : .text(shape.doc),
            "type": .text("object"),
            "additionalProperties": .bool(false),
            "required": required.isEmpty ? nil : .list(required),
            "dependentRequired": dependentRequired(shape.rules),
            "dependentSchemas": dependentSchemas(shape.rules),
            "allOf": exclusions(shape.rules),
            "properties": .object(fields.map { .init(key: $0.key, value: property($0)) }),
        ])
    }

    private static func property(_ field: Field) -> JSONValue {
        guard case .object(let members) = schema(field.shape) else { return .object([]) }
        let head: [JSONValue.Member] = [.init(key: "description", value: .text(field.doc))]
        var tail: [JSONValue.Member] = []
        if let standard = field.standard { tail.append(.init(key: "default", value: single(standard, field.shape))) }
        if !field.examples.isEmpty {
            tail.append(.init(key: "examples", value: .list(field.examples.map { single($0, field.shape) })))
        }
        return .object(head + members.filter { $0.key != "description" } + tail)
    }

    private static func schema(_ shape: Shape) -> JSONValue {
        switch shape {
        case .text(let rule): return text(pattern: rule.pattern)
        case .word(let words): return .object(["enum": .list(words.map(JSONValue.text))])
        case .version(let version): return .object(["const": .whole(version)])
        case .whole(let range):
            return .object(["type": .text("integer"), "minimum": .whole(range.lowerBound), "maximum": .whole(range.upperBound)])
        case .decimal(let range): return number(range, types: [.text("number")], pattern: nil)
        case .time(let range):
            return number(
                range, types: [.text("number"), .text("string")],
                pattern: #"^([0-9]+(\.[0-9]+)?|[0-9]{1,4}:[0-5][0-9]:[0-5][0-9](\.[0-9]+)?)$"#)
        case .bits(let range):
            return .object([
                "type": .list([.text("integer"), .text("string")]), "minimum": .whole(range.lowerBound),
                "maximum": .whole(range.upperBound), "pattern": .text(#"^[0-9]+(\.[0-9]+)?[kM]?$"#),
            ])
        case .frameRate:
            return .object([
                "type": .list([.text("number"), .text("string")]), "minimum": .whole(1), "maximum": .whole(240),
                "pattern": .text(#"^([0-9]+(\.[0-9]+)?|[0-9]+/[0-9]+)$"#),
            ])
        case .file, .source: return .object(["type": .text("string"), "minLength": .whole(1)])
        case .location(let scheme, _): return .object(["type": .text("string"), "pattern": .text("^\(scheme):.")])
        case .store: return .object(["type": .text("string"), "pattern": .text("^(file:.|s3://[^/]{3,63}(/|$))")])
        case .list(let item, let least):
            return .object([
                "type": .text("array"), "minItems": least > 0 ? .whole(least) : nil, "items": schema(item),
            ])
        case .record(let record): return object(record)
        case .either(let one, let record): return .object(["oneOf": .list([schema(one), object(record)])])
        case .options:
            return .object(["type": .text("object"), "additionalProperties": text(pattern: nil)])
        case .later: return .bool(false)
        }
    }

    private static func text(pattern: String?) -> JSONValue {
        .object([
            "type": .list([.text("string"), .text("number"), .text("boolean")]), "pattern": pattern.map(JSONValue.text),
        ])
    }

    private static func number(_ range: ClosedRange<Rational>, types: [JSONValue], pattern: String?) -> JSONValue {
        .object([
            "type": types.count == 1 ? types[0] : .list(types), "minimum": .number(range.lowerBound.decimalText),
            "maximum": .number(range.upperBound.decimalText), "pattern": pattern.map(JSONValue.text),
        ])
    }

    /// A default or an example, as a number where the shape is one and the text can be.
    private static func single(_ text: String, _ shape: Shape) -> JSONValue {
        switch shape {
        case .whole, .decimal, .time, .bits, .frameRate, .version:
            ExactNumber.decimal(text) == nil ? .text(text) : .number(text)
        default: .text(text)
        }
    }

    private static func dependentRequired(_ rules: [RecordRule]) -> JSONValue? {
        let members: [JSONValue.Member] = rules.flatMap { rule -> [JSONValue.Member] in
            guard case .together(let a, let b, _) = rule else { return [] }
            return [.init(key: a, value: .list([.text(b)])), .init(key: b, value: .list([.text(a)]))]
        }
        return members.isEmpty ? nil : .object(members)
    }

    private static func dependentSchemas(_ rules: [RecordRule]) -> JSONValue? {
        let members: [JSONValue.Member] = rules.compactMap { rule in
            guard case .only(let a, let b, let value, _) = rule else { return nil }
            let wanted = JSONValue.object([
                "required": .list([.text(b)]), "properties": .object([b: .object(["const": .text(value)])]),
            ])
            return .init(key: a, value: wanted)
        }
        return members.isEmpty ? nil : .object(members)
    }

    private static func exclusions(_ rules: [RecordRule]) -> JSONValue? {
        let parts: [JSONValue] = rules.compactMap { rule in
            switch rule {
            case .together, .only: nil
            case .exactlyOne(let a, let b):
                .object(["oneOf": .list([.object(["required": .list([.text(a)])]), .object(["required": .list([.text(b)])])])])
            case .notBoth(let a, let b, _): .object(["not": .object(["required": .list([.text(a), .text(b)])])])
            }
        }
        return parts.isEmpty ? nil : .list(parts)
    }
}
