/// What is wrong with a file of one of the formats: where it is, and what the specification would have.
package struct FormatError: Error, Sendable {
    /// An open set of kinds, for callers that must tell them apart.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package var rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// Bytes that are not what ISO/IEC 14496-12 or a codec's file format says.
        package static let malformed = Code(rawValue: "malformed")
        /// A subtitle file that cannot be read as one.
        package static let textSyntax = Code(rawValue: "text_syntax")
    }

    package var code: Code
    /// The file, with its line where it has lines.
    package var operation: String
    package var detail: String

    package init(_ code: Code, _ operation: String, _ detail: String) {
        self.code = code
        self.operation = operation
        self.detail = detail
    }
}

extension FormatError: CustomStringConvertible {
    package var description: String { "\(operation): \(detail)" }
}
