import MediaModel

/// A value that the schema has accepted, with its place and its key for the rules that come after.
struct TypedValue: Sendable {
    enum Content: Sendable {
        case text(String)
        case whole(Int)
        case exact(Rational)
        case list([TypedValue])
        case record(TypedRecord)
        case options([Option])
    }

    struct Option: Sendable {
        var key: String
        var place: Place
        var value: String
    }

    var place: Place
    /// Full path, such as `titles[2].metadata.kind`.
    var key: String
    var content: Content

    var text: String? { if case .text(let text) = content { text } else { nil } }
    var whole: Int? { if case .whole(let number) = content { number } else { nil } }
    var exact: Rational? { if case .exact(let number) = content { number } else { nil } }
    var list: [TypedValue]? { if case .list(let list) = content { list } else { nil } }
    var record: TypedRecord? { if case .record(let record) = content { record } else { nil } }
    var options: [Option]? { if case .options(let options) = content { options } else { nil } }
}

/// The accepted values of a mapping. What was refused is missing, and has been reported.
struct TypedRecord: Sendable {
    /// Where the mapping begins.
    var place: Place
    /// Full path; empty for the document.
    var key: String
    var values: [String: TypedValue] = [:]
    /// Keys that were written, accepted or not.
    var given: Set<String> = []

    subscript(_ key: String) -> TypedValue? { values[key] }

    func text(_ key: String) -> String? { values[key]?.text }
    func whole(_ key: String) -> Int? { values[key]?.whole }
    func exact(_ key: String) -> Rational? { values[key]?.exact }
    func list(_ key: String) -> [TypedValue]? { values[key]?.list }
    func record(_ key: String) -> TypedRecord? { values[key]?.record }

    func word<Word: RawRepresentable<String>>(_ key: String, as: Word.Type = Word.self) -> Word? {
        text(key).flatMap(Word.init(rawValue:))
    }

    /// The full path of one of its keys.
    func path(_ name: String) -> String { key.isEmpty ? name : "\(key).\(name)" }

    /// Where one of its values stands, or the mapping itself where the key is missing.
    func place(of name: String) -> Place { values[name]?.place ?? place }
}
