/// A YAML or JSON document as it was written: every scalar is text, and everything has its place.
struct DocumentNode: Hashable, Sendable {
    indirect enum Content: Hashable, Sendable {
        /// `key:` with nothing behind it, `~`, or JSON's `null`.
        case nothing
        case scalar(String)
        case list([DocumentNode])
        /// Keys are unique; the reader has reported those that were not.
        case record([Entry])
        /// Written in a way that is not read, and already reported.
        case refused
    }

    struct Entry: Hashable, Sendable {
        var key: String
        /// Where the key stands; the value has a place of its own.
        var place: Place
        var value: DocumentNode
    }

    var place: Place
    var content: Content

    /// The keys of a record; none for anything else.
    var keys: [String] {
        guard case .record(let entries) = content else { return [] }
        return entries.map(\.key)
    }
}
