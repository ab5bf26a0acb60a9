/// A rule for a text, as code for the reader and as a regular expression for the JSON Schema.
enum TextRule: Sendable {
    /// Anything but emptiness.
    case free
    /// A stable key that becomes a folder's name.
    case id
    /// A BCP 47 tag (RFC 5646, section 2.1), checked for its form only.
    case language
    /// A level of a codec, such as `4.1`; which levels exist is the codec's business.
    case level
    /// What goes out as the value of a header, or as a part of one.
    case header
    /// Goes into the name of a host and into signatures. Some servers' regions have capitals.
    case region

    var pattern: String {
        switch self {
        case .free: #"\S"#
        case .id: "^[a-z0-9][a-z0-9-]{0,99}$"
        case .language: "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
        case .level: #"^[0-9](\.[0-9]|b)?$"#
        case .header: "^[!-~]([ -~]*[!-~])?$"
        case .region: "^[A-Za-z0-9_-]+$"
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
            return Self.isLanguage(text) ? nil : "'\(text)' is no language tag; write it as in BCP 47, such as en, no or pt-BR"
        case .level:
            return Self.isLevel(text) ? nil : "'\(text)' is no level; levels look like 4.1"
        case .header:
            return Self.isHeader(text) ? nil : "must be one line of letters, digits and signs of ASCII, without a space at its ends"
        case .region:
            return Self.isRegion(text) ? nil : "must be letters, digits, hyphens and underscores, such as eu-central-1"
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

    private static func isLanguage(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, (2...8).contains(first.count), first.allSatisfy({ $0.isASCII && $0.isLetter }) else { return false }
        return parts.dropFirst().allSatisfy { part in
            (1...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
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
