package import MediaModel

/// What reading a file gave: a value, or every fault that keeps it from being one.
package struct ReadResult<Value: Sendable>: Sendable {
    /// Present only where there are no diagnostics.
    package var value: Value?
    /// All faults at once, in the order of the file.
    package var diagnostics: [Diagnostic]

    package init(value: Value?, diagnostics: [Diagnostic]) {
        self.value = diagnostics.isEmpty ? value : nil
        self.diagnostics = diagnostics
    }
}
