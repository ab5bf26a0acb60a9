/// A file that shapes a package, known by its content alone. Where it lies, and what it is called there, shapes nothing, and has no place
/// in what is hashed: locations are a table beside the plan.
package struct ContentHash: Hashable, Sendable {
    /// SHA-256 of its bytes, lower-case hex.
    package let sha256: String

    package init(_ sha256: String) { self.sha256 = sha256 }
}

extension ContentHash: Codable {
    package init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(sha256)
    }
}
