/// Some of a package's files as the result of the task that made them: whoever has the files has the result, and need not do the task.
package struct PackagePiece: Hashable, Sendable, Codable {
    /// The task's key: a hash of everything that the files' bytes follow from.
    package var key: String
    /// How many of the rendition's segments, after those of the pieces before; of images, all.
    package var segments: Int
    /// What was tolerated in this task; nil: nothing.
    package var warnings: [String]?
    /// The first of two passes; nil: there was one.
    package var measure: Measure?

    /// What a first pass has found.
    package struct Measure: Hashable, Sendable, Codable {
        package var key: String
        /// Bytes of the chunk at a constant quality, by which the title's bits are shared out.
        package var codedBytes: Int

        package init(key: String, codedBytes: Int) {
            self.key = key
            self.codedBytes = codedBytes
        }
    }

    package init(key: String, segments: Int, warnings: [String]? = nil, measure: Measure? = nil) {
        self.key = key
        self.segments = segments
        self.warnings = warnings
        self.measure = measure
    }
}
