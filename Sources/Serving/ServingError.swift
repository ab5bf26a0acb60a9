/// Why the server did not start, or stopped, in one line that a person can act on.
package struct ServingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure; open, so that a caller switches on the ones it knows.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// The catalog cannot be read.
        package static let catalog = Code(rawValue: "catalog")
        /// The folder of `--media` is not there.
        package static let media = Code(rawValue: "media")
        /// The address cannot be listened on, or the listening ended by itself.
        package static let address = Code(rawValue: "address")
    }

    package let code: Code
    /// What was being done, such as `listen`.
    package let operation: String
    package let detail: String
    package let underlying: String?

    package init(_ code: Code, operation: String, detail: String, underlying: String? = nil) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.underlying = underlying
    }

    package var description: String { "\(operation): \(detail)" + (underlying.map { " (\($0))" } ?? "") }
}
