import Formats

extension PackagingError {
    /// The faults of a file's format, as this room tells them.
    static func reading<Value>(_ read: () throws(FormatError) -> Value) throws(PackagingError) -> Value {
        do {
            return try read()
        } catch {
            throw PackagingError(error.code == .textSyntax ? .textSyntax : .malformed, error.operation, error.detail)
        }
    }
}
