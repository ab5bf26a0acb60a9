import MediaModel
import Packaging
import Planning
import Transcoding

/// From a line of the manifest to a plan: reads what the planner needs to know, and proves the planned encoders.
struct Preparation: Sendable {
    let facts: SourceFacts

    /// A plan with the index that its chunks are cut by.
    struct Prepared: Sendable {
        var request: TitleRequest
        var plan: AssetPlan
        var index: FrameIndex?
    }

    func prepare(_ request: TitleRequest) throws -> Prepared {
        let findings = try facts.findings(request.source)
        var title = TitleFacts(source: findings.source, index: findings.index)
        for case .file(let path) in (request.audio ?? []).map(\.origin) {
            title.outsideAudio[path] = try facts.findings(path).source
            title.fingerprints[path] = try facts.fingerprint(path).sha256
        }
        for path in request.subtitles.map(\.file) + (request.artwork.map { [$0] } ?? []) {
            title.fingerprints[path] = try facts.fingerprint(path).sha256
        }
        if let artwork = request.artwork { title.artworkSize = try PictureFile.size(of: artwork) }
        let plan = try AssetPlanner.plan(request, facts: title, libraries: MediaLibraries.identities)
        return Prepared(request: request, plan: plan, index: findings.index)
    }
}
