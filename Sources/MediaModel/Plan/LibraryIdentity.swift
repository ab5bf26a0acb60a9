/// One loaded library whose code shapes bytes: FFmpeg's own and every encoder's.
package struct LibraryIdentity: Hashable, Sendable, Codable {
    /// Such as `libavcodec` or `libx264`.
    package var name: String
    package var version: String
    /// GNU build id of the loaded file, hex; empty where it has none.
    package var buildID: String

    package init(name: String, version: String, buildID: String) {
        self.name = name
        self.version = version
        self.buildID = buildID
    }
}
