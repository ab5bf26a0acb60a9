import MediaModel

/// What libraries say of a file names it by where it lies; people are told what the manifest calls it.
enum InputLabels {
    /// The error, with every file in its words called by its label. It stays as it is where no file has another name than its path.
    static func naming(_ files: [InputFile], in error: any Error) -> any Error {
        let others = files.filter { $0.label != $0.path }
        guard !others.isEmpty else { return error }
        let line = FailureReason.line(error)
        let named = others.reduce(line) { $0.replacing($1.path, with: $1.label) }
        return named == line ? error : PipelineError(FailureReason.code(of: error), "", named)
    }

    /// Does the work, and names files in its error so.
    static func naming<Value>(_ files: [InputFile], _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw naming(files, in: error) }
    }
}
