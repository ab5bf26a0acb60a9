/// Why a package could not be made: what was looked at, and what is wrong with it.
package struct PackagingError: Error, Sendable {
    /// An open set of kinds, for callers that must tell them apart.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package var rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// Bytes that are not what ISO/IEC 14496-12 or a codec's file format says.
        package static let malformed = Code(rawValue: "malformed")
        /// What was written is not what was planned.
        package static let mismatch = Code(rawValue: "mismatch")
        /// More bits than the cap allows.
        package static let rateExceeded = Code(rawValue: "rate_exceeded")
        /// A subtitle file that cannot be read as one.
        package static let textSyntax = Code(rawValue: "text_syntax")
        /// A file that could not be read, linked or written.
        package static let fileSystem = Code(rawValue: "file_system")
        /// The file system is full.
        package static let diskFull = Code(rawValue: "disk_full")
    }

    package var code: Code
    /// The file, with its line where it has lines, or the rendition that was being worked on.
    package var operation: String
    package var detail: String
    package var underlying: (any Error)?

    package init(_ code: Code, _ operation: String, _ detail: String, underlying: (any Error)? = nil) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.underlying = underlying
    }
}

extension PackagingError: CustomStringConvertible {
    /// One line: place, fault and, where a library said more, its words.
    package var description: String {
        let cause = underlying.map { " (\($0))".split(separator: "\n").joined(separator: " ") } ?? ""
        return "\(operation): \(detail)\(cause)"
    }
}
