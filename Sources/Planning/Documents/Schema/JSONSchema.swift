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
        case .text(let rule): return text(rule)
        case .word(let words): return .object(["enum": .list(words.map(JSONValue.text))])
        case .flag: return .object(["enum": .list([.bool(true), .bool(false), .text("true"), .text("false")])])
        case .version(let version): return .object(["enum": .list([.whole(version), .text("\(version)")])])
        case .whole(let range): return whole(range, isEven: false)
        case .even(let range): return whole(range, isEven: true)
        case .decimal(let range): return number(range, pattern: "^\(NumberPattern.decimal(range))$")
        case .time(let range):
            return number(range, pattern: "^(\(NumberPattern.decimal(range))|\(NumberPattern.clock(range)))$")
        case .bits(let range): return bits(range)
        case .bytes(let range):
            let units: [(sign: String, factor: Int64)] = [("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40)]
            let forms = units.map { unit in
                let range = Rational(Int64(range.lowerBound), unit.factor)...Rational(Int64(range.upperBound), unit.factor)
                return NumberPattern.decimal(range, unit: unit.sign)
            }
            return .object(["type": .text("string"), "pattern": .text("^(\(forms.joined(separator: "|")))$")])
        case .frameRate: return number(Rational(1)...Rational(240), pattern: frameRate)
        case .file: return path(Shape.filePattern)
        case .source: return path(Shape.sourcePattern)
        case .subtitles: return path(Shape.subtitlesPattern)
        case .location(let scheme, _): return .object(["type": .text("string"), "pattern": .text(Shape.locationPattern(scheme))])
        case .store: return .object(["type": .text("string"), "pattern": .text(Shape.storePattern)])
        case .list(let item, let least):
            return .object([
                "type": .text("array"), "minItems": least > 0 ? .whole(least) : nil, "items": schema(item),
            ])
        case .record(let record): return object(record)
        case .either(let one, let record): return .object(["oneOf": .list([schema(one), object(record)])])
        case .options:
            return .object([
                "type": .text("object"),
                "additionalProperties": .object(["type": .list([.text("string"), .text("number"), .text("boolean")])]),
            ])
        case .later: return .bool(false)
        }
    }

    /// A text that looks like a number or a boolean may be one too, where the rule takes its letters.
    private static func text(_ rule: TextRule) -> JSONValue {
        .object([
            "type": .list(([.string] + rule.otherTypes).map { .text($0.rawValue) }), "pattern": .text(rule.pattern),
            "minimum": rule.least.map(JSONValue.whole),
        ])
    }

    /// A file may be called 1917.
    private static func path(_ pattern: String) -> JSONValue {
        .object(["type": .list([.text("string"), .text("number"), .text("boolean")]), "pattern": .text(pattern)])
    }

    private static func whole(_ range: ClosedRange<Int>, isEven: Bool) -> JSONValue {
        .object([
            "type": .list([.text("integer"), .text("string")]), "minimum": .whole(range.lowerBound), "maximum": .whole(range.upperBound),
            "multipleOf": isEven ? .whole(2) : nil, "pattern": .text(NumberPattern.whole(range, isEven: isEven)),
        ])
    }

    private static func number(_ range: ClosedRange<Rational>, pattern: String) -> JSONValue {
        .object([
            "type": .list([.text("number"), .text("string")]), "minimum": .number(range.lowerBound.decimalText),
            "maximum": .number(range.upperBound.decimalText), "pattern": .text(pattern),
        ])
    }

    private static func bits(_ range: ClosedRange<Int>) -> JSONValue {
        let units: [(sign: String, factor: Int64, places: Int)] = [("", 1, 0), ("k", 1000, 3), ("M", 1_000_000, 6)]
        let forms = units.map { unit in
            let range = Rational(Int64(range.lowerBound), unit.factor)...Rational(Int64(range.upperBound), unit.factor)
            return NumberPattern.decimal(range, unit: unit.sign, places: unit.places)
        }
        return .object([
            "type": .list([.text("integer"), .text("string")]), "minimum": .whole(range.lowerBound),
            "maximum": .whole(range.upperBound), "pattern": .text("^(\(forms.joined(separator: "|")))$"),
        ])
    }

    /// `25`, `29.97`, and fractions over the denominators that rates have.
    private static let frameRate: String = {
        let fractions = ExactNumber.frameRateDenominators.map { below in
            let pattern = NumberPattern.whole(below...240 * below).dropFirst().dropLast(#"(\.0+)?$"#.count)
            return "\(pattern)/0*\(below)"
        }
        return "^(\(NumberPattern.decimal(Rational(1)...Rational(240)))|\(fractions.joined(separator: "|")))$"
    }()

    /// A default or an example, as a number where the shape is one and the text can be.
    private static func single(_ text: String, _ shape: Shape) -> JSONValue {
        switch shape {
        case .whole, .even, .decimal, .time, .bits, .frameRate, .version:
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
