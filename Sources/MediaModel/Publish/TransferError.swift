/// Why a package could not be published, a source fetched or a hook called; one line.
package struct TransferError: Error, Sendable {
    /// What kind of failure it is. Open: a store of another kind adds its own.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// Nobody answers: a store, a bucket, a source's server or a hook; or a folder cannot be written.
        package static let unreachable = Code(rawValue: "unreachable")
        /// The file system, or somebody's share of it, is full.
        package static let diskFull = Code(rawValue: "disk_full")
        /// What was handed over is not what its `package.json` says.
        package static let invalidPackage = Code(rawValue: "invalid_package")
        /// Another whole package stands under the same version.
        package static let conflict = Code(rawValue: "conflict")
        /// A read or a write failed for another reason.
        package static let inputOutput = Code(rawValue: "input_output")
        /// What was configured cannot be.
        package static let invalidSettings = Code(rawValue: "invalid_settings")
        /// The store said no, and would say it again: no right to do that, no such bucket.
        package static let refused = Code(rawValue: "refused")
        /// There is no such file on a server that answers.
        package static let missing = Code(rawValue: "missing")
        /// The person, or the machine, asked to stop.
        package static let cancelled = Code(rawValue: "cancelled")
        /// A remote file is not what it was a moment ago.
        package static let changed = Code(rawValue: "changed")
        /// What a server sends is larger than it may be.
        package static let tooLarge = Code(rawValue: "too_large")
    }

    package var code: Code
    /// What was being done, such as `link` or `check`; like the detail without control characters, which may come from a server.
    package var operation: String
    /// What went wrong and where, with the file's name.
    package var detail: String
    package var underlying: (any Error)?

    package init(_ code: Code, operation: String, detail: String, underlying: (any Error)? = nil) {
        self.code = code
        self.operation = PlainText.line(operation)
        self.detail = PlainText.line(detail)
        self.underlying = underlying
    }
}

extension TransferError: CustomStringConvertible {
    /// One line: what was being done, where, and why it failed.
    package var description: String {
        let cause = underlying.map { " (\($0))".split(whereSeparator: \.isNewline).joined(separator: " ") } ?? ""
        return "\(operation): \(detail)\(cause)"
    }
}
