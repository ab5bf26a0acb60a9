/// Which preset a person has named: one of their own is known by its content, a built-in one by its name, since its content is a release's.
package struct PresetContent: Hashable, Sendable {
    /// Compiled into the program.
    package var isBuiltIn: Bool
    /// SHA-256 over what its file says, in lower-case hex: neither comments, the order of keys nor its description count.
    package var sha256: String

    package init(isBuiltIn: Bool = false, sha256: String = "") {
        self.isBuiltIn = isBuiltIn
        self.sha256 = sha256
    }
}
