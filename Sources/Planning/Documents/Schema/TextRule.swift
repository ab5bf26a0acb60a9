/// A rule for a text, as code for the reader and as a regular expression for the JSON Schema.
enum TextRule: Sendable {
    /// Anything but emptiness.
    case free
    /// A stable key that becomes a folder's name.
    case id
    /// A BCP 47 tag (RFC 5646): the pattern knows its form, the reader the registry too.
    case language
    /// A level of a codec, such as `4.1`; which levels exist is the codec's business.
    case level
    /// What goes out as the value of a header, or as a part of one.
    case header
    /// Goes into the name of a host and into signatures. Some servers' regions have capitals.
    case region
    /// The name of an environment's variable, never what it holds.
    case variable
    /// The address of a server, without a path, or of a folder below one; without a name and password, and without a query.
    case server
    case base
    /// An address with parts that are filled in; what they may be is the reader's business.
    case template

    /// JSON's types beside a string, whose text the rule takes.
    enum OtherType: String { case string, number, integer, boolean }

    var otherTypes: [OtherType] {
        switch self {
        case .free, .header: [.number, .boolean]
        case .id, .region: [.integer, .boolean]
        case .variable: [.boolean]
        case .language, .server, .base, .template: []
        case .level: [.number]
        }
    }

    /// The least number that the rule takes; nil: any, or none at all.
    var least: Int? {
        switch self {
        case .id, .level: 0
        default: nil
        }
    }

    var pattern: String {
        switch self {
        case .free: #"\S"#
        case .id: "^[a-z0-9][a-z0-9-]{0,99}$"
        case .language: "^([A-Za-z]{2,8}|[xX](?=-))(-[A-Za-z0-9]{1,8})*$"
        case .level: #"^[0-9](\.[0-9]|b)?$"#
        case .header: "^[!-~]([ -~]*[!-~])?$"
        case .region: "^[A-Za-z0-9_-]+$"
        case .variable: "^[A-Za-z_][A-Za-z0-9_]*$"
        case .server: "^https?://[A-Za-z0-9._:\\[\\]%-]+/?$"
        case .base: "^https?://[A-Za-z0-9._:\\[\\]%-]+(/[!-\"$->A-~]*)?$"
        case .template: "^(https?://|\\$\\{)(?![^/]*@)[!-~]+$"
        }
    }

    /// What is wrong with a text, in words; nil if nothing is.
    func fault(in text: String) -> String? {
        switch self {
        case .free:
            return text.allSatisfy(\.isWhitespace) ? "must not be empty" : nil
        case .id:
            return Self.isID(text) ? nil : "'\(text)' must be lower-case letters a-z, digits and hyphens, at most 100, not a hyphen first"
        case .language:
            return LanguageTag.fault(in: text)?.message
        case .level:
            return Self.isLevel(text) ? nil : "'\(text)' is no level; levels look like 4.1"
        case .header:
            return Self.isHeader(text) ? nil : "must be one line of letters, digits and signs of ASCII, without a space at its ends"
        case .variable, .server, .base, .template:
            // What they mean is looked at where they are read, with words of their own.
            return text.allSatisfy(\.isWhitespace) ? "must not be empty" : nil
        case .region:
            return Self.isRegion(text) ? nil : "must be letters, digits, hyphens and underscores, such as eu-central-1"
        }
    }

    /// What a text under the rule was most likely meant to be; nil where nobody can say.
    func suggestion(for text: String) -> String? {
        switch self {
        case .id: Self.id(from: text)
        case .language: LanguageTag.fault(in: text)?.suggestion
        case .free, .level, .header, .region, .variable, .server, .base, .template: nil
        }
    }

    /// What a text under the rule of an id would look like if it were put right.
    static func id(from text: String) -> String? {
        let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let id = words.joined(separator: "-")
        return isID(id) && id != text ? id : nil
    }

    private static func isID(_ text: String) -> Bool {
        (1...100).contains(text.count) && text.first != "-"
            && text.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" }
    }

    /// Scalars, not Characters: a line break hides in one Character with what stands before it.
    private static func isHeader(_ text: String) -> Bool {
        let isPlain = text.unicodeScalars.allSatisfy { (" "..."~").contains($0) }
        return isPlain && !text.isEmpty && !text.hasPrefix(" ") && !text.hasSuffix(" ")
    }

    private static func isRegion(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "_")
            }
    }

    private static func isLevel(_ text: String) -> Bool {
        let characters = Array(text.unicodeScalars)
        guard let first = characters.first, ("0"..."9").contains(first) else { return false }
        switch characters.count {
        case 1: return true
        case 2: return characters[1] == "b"
        case 3: return characters[1] == "." && ("0"..."9").contains(characters[2])
        default: return false
        }
    }
}
