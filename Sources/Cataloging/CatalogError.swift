internal import GRDB

/// What went wrong with the catalog, in one line that a person can act on.
package struct CatalogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure; open, so that a caller switches on the ones it knows.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// The address is not one that this program can read.
        package static let badAddress = Code(rawValue: "bad_address")
        /// The file, or the folder that should hold it, is not there or may not be opened.
        package static let unreachable = Code(rawValue: "unreachable")
        /// The file is there, but it is no catalog, or it is damaged.
        package static let notACatalog = Code(rawValue: "not_a_catalog")
        /// The catalog was written by another generation of the program.
        package static let wrongSchema = Code(rawValue: "wrong_schema")
        /// Another process holds the catalog's lock.
        package static let locked = Code(rawValue: "locked")
        /// The catalog may be read, but not written.
        package static let readOnly = Code(rawValue: "read_only")
        package static let diskFull = Code(rawValue: "disk_full")
        /// Another run made another version current meanwhile.
        package static let conflict = Code(rawValue: "conflict")
        /// Files that are wanted are being removed by another process; in some minutes they are not.
        package static let beingRemoved = Code(rawValue: "being_removed")
        /// A person took the title off.
        package static let removed = Code(rawValue: "removed")
        /// The catalog has no such title.
        package static let unknownTitle = Code(rawValue: "unknown_title")
        package static let other = Code(rawValue: "other")
    }

    package let code: Code
    /// What was being done, such as `open`.
    package let operation: String
    /// The file, what is wrong with it, and the way out.
    package let detail: String
    /// SQLite's own words, where it had any.
    package let underlying: String?

    package init(_ code: Code, operation: String, detail: String, underlying: String? = nil) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.underlying = underlying
    }

    package var description: String {
        "catalog: \(operation): \(detail)" + (underlying.map { " (\($0))" } ?? "")
    }

    /// Names what SQLite reported, and what may be done about it.
    init(_ error: any Error, operation: String, file: String) {
        if let known = error as? CatalogError {
            self = known
            return
        }
        guard let failure = error as? DatabaseError else {
            self.init(.other, operation: operation, detail: file, underlying: "\(error)")
            return
        }
        let (code, advice) = Self.diagnosis(of: failure.resultCode)
        self.init(code, operation: operation, detail: "\(file): \(advice)", underlying: failure.message)
    }

    private static func diagnosis(of code: ResultCode) -> (Code, String) {
        switch code {
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            (.unreachable, "cannot be opened; check that it and its folder exist and may be read, and written to by whoever publishes")
        case .SQLITE_NOTADB: (.notACatalog, "is not an SQLite database; name another file")
        case .SQLITE_CORRUPT: (.notACatalog, "is damaged; restore it, or remove it and run the manifest again")
        case .SQLITE_BUSY, .SQLITE_LOCKED: (.locked, "another process holds its lock; run again when that one is done")
        case .SQLITE_READONLY: (.readOnly, "cannot be written; check its permissions and those of its folder")
        case .SQLITE_FULL: (.diskFull, "the disk is full; make room and run again")
        case .SQLITE_IOERR: (.unreachable, "the disk reports an error")
        default: (.other, "SQLite refused")
        }
    }
}
