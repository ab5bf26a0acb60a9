import Cataloging
import MediaModel
import Planning

/// What is asked of one title today, beside what was asked of its current version.
struct Inputs: Sendable {
    /// nil: the content of a file is not known.
    let asked: String?
    /// Names that outlast a move, by those that the manifest gives.
    let names: [String: String]
    let gone: Set<String>
    private let request: TitleRequest
    /// SHA-256 by name.
    private let files: [String: String]

    /// A file that is gone counts as what it was when it was last read; where nobody here has read it, as what the catalog says of its
    /// name: nobody can have wished for another content.
    init(_ title: Prepared, _ names: [String: String], gone: Set<String>, standing: Standing?) {
        self.names = names
        self.gone = gone
        request = title.request
        let remembered = gone.isEmpty ? [:] : InputNames.decoded(standing?.origin.files)
        var files: [String: String] = [:]
        for (file, name) in names {
            files[name] = title.fingerprints[file] ?? (gone.contains(file) ? remembered[name] : nil)
        }
        self.files = files
        asked = AskedInputs(title.request) { file in names[file].flatMap { files[$0] } }?.hash
    }

    private var presetSHA256: String { request.presetContent.sha256 }

    /// Of a version that is made now.
    func origin(made request: TitleRequest) -> VersionOrigin {
        VersionOrigin(
            asked: asked, files: InputNames.encoded(files), presetSHA256: presetSHA256, engine: EngineIdentity.format)
    }

    /// Of a version that answers; nil where the catalog has all of it, or where a file is gone: then what it has is better.
    func origin(of standing: Standing, plan: AssetPlan?) -> VersionOrigin? {
        guard let asked, gone.isEmpty else { return nil }
        let isMadeSo = plan?.version == standing.version
        let known = standing.origin
        let origin = VersionOrigin(
            asked: asked, files: InputNames.encoded(files), presetSHA256: isMadeSo ? presetSHA256 : known.presetSHA256 ?? presetSHA256,
            engine: isMadeSo ? EngineIdentity.format : known.engine)
        return origin == known ? nil : origin
    }

    /// What a person has changed since the version was made, in words that are the same for all titles of which the same holds.
    func change(from standing: Standing) -> String {
        if let source = files[names[request.source] ?? ""], source != standing.sourceSHA256 { return "the source has changed" }
        if standing.preset != request.preset.name { return "preset \(request.preset.name) instead of \(standing.preset)" }
        if let said = standing.origin.presetSHA256, said != presetSHA256 { return "preset \(request.preset.name) has changed" }
        let others = InputNames.decoded(standing.origin.files)
        if !others.isEmpty, Set(others.values) != Set(files.values) { return "a subtitle, audio or artwork file has changed" }
        return "the manifest has changed"
    }
}
