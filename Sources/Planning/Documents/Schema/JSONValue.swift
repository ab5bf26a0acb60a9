/// JSON with its keys in the order in which they were written, so that a schema reads as its declarations do.
indirect enum JSONValue: Hashable, Sendable {
    case text(String)
    /// As it is to be written.
    case number(String)
    case bool(Bool)
    case list([JSONValue])
    case object([Member])

    struct Member: Hashable, Sendable {
        var key: String
        var value: JSONValue
    }

    static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { member in member.value.map { Member(key: member.key, value: $0) } })
    }

    static func whole(_ number: Int) -> JSONValue { .number(String(number)) }

    /// Two spaces of indentation, no end of line at the end.
    func written(indentation: String = "") -> String {
        let deeper = indentation + "  "
        switch self {
        case .text(let text): return Self.quoted(text)
        case .number(let number): return number
        case .bool(let bool): return bool ? "true" : "false"
        case .list(let items) where items.allSatisfy(\.isSingle):
            return "[" + items.map { $0.written() }.joined(separator: ", ") + "]"
        case .list(let items):
            return "[\n" + items.map { deeper + $0.written(indentation: deeper) }.joined(separator: ",\n") + "\n\(indentation)]"
        case .object(let members) where members.isEmpty: return "{}"
        case .object(let members):
            let lines = members.map { "\(deeper)\(Self.quoted($0.key)): \($0.value.written(indentation: deeper))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
        }
    }

    private var isSingle: Bool {
        switch self {
        case .text, .number, .bool: true
        case .list, .object: false
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
