import MediaModel

/// The faults of one file, gathered while it is read, so that a person sees all of them at once.
struct Faults {
    /// As the user named it.
    let file: String
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String) {
        self.file = file
    }

    mutating func add(_ place: Place, _ key: String, _ message: String, suggestion: String? = nil) {
        diagnostics.append(
            Diagnostic(
                file: file, line: place.line, column: place.column, key: key, message: message, suggestion: suggestion))
    }

    /// A fault of the whole file, which has no place in it.
    mutating func add(_ message: String) {
        diagnostics.append(Diagnostic(file: file, line: 0, column: 0, key: "", message: message))
    }

    mutating func add(_ others: [Diagnostic]) {
        diagnostics += others
    }

    /// In the order of the file; faults at one place stay in the order in which they were found.
    var sorted: [Diagnostic] {
        diagnostics.enumerated()
            .sorted { ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset) }
            .map(\.element)
    }
}
