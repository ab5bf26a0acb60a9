/// A fault in a file that a person wrote, with the place and the way out.
package struct Diagnostic: Hashable, Sendable, Codable, Error {
    /// As the user named it.
    package var file: String
    /// From 1; 0 where the whole file is meant.
    package var line: Int
    package var column: Int
    /// Path of the key, such as `titles[2].metadata.kind`; empty where the whole file is meant.
    package var key: String
    package var message: String
    /// The nearest known word, for `did you mean`.
    package var suggestion: String?

    package init(file: String, line: Int, column: Int, key: String, message: String, suggestion: String? = nil) {
        self.file = ShownAddress.clean(file)
        self.line = line
        self.column = column
        // What was written may hold anything: control characters, or an address with a password.
        self.key = PlainText.line(key)
        self.message = PlainText.line(ShownAddress.clean(message))
        self.suggestion = suggestion.map { PlainText.line(ShownAddress.clean($0)) }
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: error: KEY: text (did you mean 'x'?)`
    package var description: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        let subject = key.isEmpty ? "" : "\(key): "
        let hint = suggestion.map { " (did you mean '\($0)'?)" } ?? ""
        return "\(place): error: \(subject)\(message)\(hint)"
    }
}
