/// What a published version answers to, and what it was made with beside its libraries. nil: the program that published it kept no note.
package struct VersionOrigin: Hashable, Sendable {
    /// SHA-256 over what a person asked for, in lower-case hex.
    package var asked: String?
    /// The title's files and their SHA-256, as JSON, for a day on which one of them is gone.
    package var files: String?
    /// SHA-256 over what the preset said.
    package var presetSHA256: String?
    /// `EngineFormat` of the program.
    package var engine: Int?

    package init(asked: String? = nil, files: String? = nil, presetSHA256: String? = nil, engine: Int? = nil) {
        self.asked = asked
        self.files = files
        self.presetSHA256 = presetSHA256
        self.engine = engine
    }
}
