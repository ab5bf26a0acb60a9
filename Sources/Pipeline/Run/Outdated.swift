import Cataloging
import MediaModel

/// In which respects a published version is not what this program would make, though it answers to what is asked.
struct Outdated: Sendable {
    var respects: Set<RefreshScope> = []
    /// The library that tells most, as it was and as it is.
    private var library: (was: String, now: String)?

    init() {}

    /// - Parameter plan: nil: nobody has planned it.
    init(_ standing: Standing, _ request: TitleRequest, plan: AssetPlan?) {
        if plan?.version == standing.version { return }
        let now = EngineIdentity.libraries.filter { Self.shapes($0.name, request) }
        let was = standing.libraries.filter { Self.shapes($0.name, request) }
        if let changed = now.last(where: { !was.contains($0) }) ?? was.last(where: { !now.contains($0) }) {
            respects.insert(.libraries)
            let old = was.first { $0.name == changed.name }
            let new = now.first { $0.name == changed.name }
            library = (Self.text(old, besides: new), Self.text(new, besides: old))
        }
        if request.presetContent.isBuiltIn, let said = standing.origin.presetSHA256, said != request.presetContent.sha256 {
            respects.insert(.presets)
        }
        // A program that kept no note of its format had an older one.
        if standing.origin.engine != EngineIdentity.format || standing.packageFormat != AssetPackage.currentFormat {
            respects.insert(.engine)
        } else if respects.isEmpty, plan != nil, Set(standing.libraries) == Set(EngineIdentity.libraries) {
            // The planner decides otherwise.
            respects.insert(.engine)
        }
    }

    /// Whether a library's code can be in a title's bytes: of the encoders, those of its preset.
    private static func shapes(_ library: String, _ request: TitleRequest) -> Bool {
        let video = Set(request.preset.rungs.map(\.codec))
        let audio = Set(request.preset.audio.map(\.codec))
        switch library {
        case "libx264": return video.contains(.h264)
        case "libx265": return video.contains(.hevc)
        case "libSvtAv1Enc", "libaom", "libvpx": return video.contains(.av1)
        case "libopus": return audio.contains(.opus)
        case "libwebp": return request.preset.images != nil
        case "libmp3lame": return false
        default: return true
        }
    }

    /// With its build where the version alone does not tell it from the other.
    private static func text(_ library: LibraryIdentity?, besides other: LibraryIdentity?) -> String {
        guard let library else { return "none" }
        let build = library.version == other?.version ? " build \(library.buildID.prefix(8))" : ""
        return "\(library.name) \(library.version)\(build)"
    }

    /// One line; nil where the version is what this program would make.
    /// - Parameter standing: the version's.
    func note(_ standing: Standing) -> String? {
        guard !respects.isEmpty else { return nil }
        var words: [String] = []
        if let library { words.append("with \(library.was), where \(library.now) is loaded now") }
        if respects.contains(.presets) { words.append("by an earlier text of the preset \(standing.preset)") }
        if respects.contains(.engine) {
            words.append("by an earlier engine" + (standing.reelmill.isEmpty ? "" : ", of reelmill \(standing.reelmill)"))
        }
        return "made " + words.joined(separator: ", ")
    }

    /// Why a refresh makes a title anew, in words that are the same for all titles of which the same holds.
    func reason(in scope: Set<RefreshScope>, _ standing: Standing) -> String {
        if scope.contains(.libraries), respects.contains(.libraries), let library { return "\(library.was) has become \(library.now)" }
        if scope.contains(.presets), respects.contains(.presets) { return "preset \(standing.preset) has changed" }
        return "the engine has changed"
    }

    /// How many titles could be made anew, and how; nil where none could.
    static func summary(_ all: [Outdated]) -> String? {
        let old = all.filter { !$0.respects.isEmpty }
        guard !old.isEmpty else { return nil }
        let counts = RefreshScope.allCases.compactMap { scope in
            let count = old.count { $0.respects.contains(scope) }
            return count == 0 ? nil : "\(scope.rawValue): \(count)"
        }
        var made: [String: Int] = [:]
        for title in old { if let library = title.library { made[library.was, default: 0] += 1 } }
        let most = made.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { "made with \($0.key); " } ?? ""
        let titles = old.count == 1 ? "1 title" : "\(old.count) titles"
        return "\(most)\(titles) could be refreshed (\(counts.joined(separator: ", "))) with 'run --refresh'"
    }
}
