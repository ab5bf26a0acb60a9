package import MediaModel

/// Everything that was read from files before a title is planned; the planner itself opens none.
package struct TitleFacts: Sendable {
    package var source: SourceInfo
    /// The picture's packets; nil for sound alone. Used where `source.video.access` is `seekable`.
    package var index: FrameIndex?
    /// Facts of each outside audio file, by the name that the manifest gives it.
    package var outsideAudio: [String: SourceInfo]
    /// SHA-256 in lower-case hex of each subtitle, artwork and outside audio file, by the name that the manifest gives it.
    package var fingerprints: [String: String]
    /// What was tolerated in subtitle files while they were read.
    package var textWarnings: [SubtitleRequest: [String]]
    /// Pixels of the manifest's artwork; nil where it names none.
    package var artworkSize: ImagePlan.Size?

    package init(
        source: SourceInfo, index: FrameIndex?, outsideAudio: [String: SourceInfo] = [:],
        fingerprints: [String: String] = [:], textWarnings: [SubtitleRequest: [String]] = [:], artworkSize: ImagePlan.Size? = nil
    ) {
        self.source = source
        self.index = index
        self.outsideAudio = outsideAudio
        self.fingerprints = fingerprints
        self.textWarnings = textWarnings
        self.artworkSize = artworkSize
    }

    /// A file of the manifest, known by its content.
    func content(of name: String, for operation: String) throws(PlanningError) -> ContentHash {
        guard let fingerprint = fingerprints[name] ?? outsideAudio[name]?.fingerprint else {
            throw PlanningError(.facts, operation: operation, detail: "\(RemoteAddress.shown(name)) was not read before planning")
        }
        return ContentHash(fingerprint)
    }
}
