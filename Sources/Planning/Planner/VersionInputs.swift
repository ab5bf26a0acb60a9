import Crypto
import Foundation
import MediaModel

/// What of a preset shapes bytes: all but its description.
struct PresetInputs: Encodable {
    private let name: String
    private let segmentDuration: Rational
    private let gopDuration: Rational
    private let chunkDuration: Rational
    private let rungs: [Rung]
    private let audio: [AudioFormat]
    private let images: ImageSettings?

    init(_ preset: Preset) {
        name = preset.name
        segmentDuration = preset.segmentDuration
        gopDuration = preset.gopDuration
        chunkDuration = preset.chunkDuration
        rungs = preset.rungs
        audio = preset.audio
        images = preset.images
    }
}

/// Everything that shapes a package's bytes, and nothing else: no path, no title metadata. The preset's name stands in `package.json`.
///
/// What the planner decided is in it beside what it was given, so that a planner that decides otherwise gives another version.
struct VersionInputs: Encodable {
    private let format = AssetPackage.currentFormat
    private let engine: Int
    private let source: String
    /// Of the source: two programs of one transport stream are two titles.
    private let stream: Int?
    private let trim: Trim
    private let acceptsDamage: Bool
    private let preset: PresetInputs
    private let libraries: [LibraryIdentity]
    private let origin: Rational
    private let grid: Grid
    private let picture: PicturePlan?
    private let rungs: [RungPlan]
    private let audio: [AudioPlan]
    private let text: [TextPlan]
    private let images: ImagePlan?

    private enum CodingKeys: String, CodingKey {
        case format, engine, source, stream, trim, acceptsDamage, preset, libraries, origin, grid, picture, rungs, audio, text, images
    }

    init(_ plan: AssetPlan, request: TitleRequest, libraries: [LibraryIdentity], engine: Int) {
        self.engine = engine
        source = plan.source.fingerprint
        stream = plan.source.video?.stream
        trim = request.trim
        acceptsDamage = plan.acceptsDamage
        preset = PresetInputs(request.preset)
        self.libraries = libraries.sorted { ($0.name, $0.version, $0.buildID) < ($1.name, $1.version, $1.buildID) }
        origin = plan.origin
        grid = plan.grid
        picture = plan.picture
        rungs = plan.rungs
        audio = plan.audio
        text = plan.text
        images = plan.images
    }

    /// The first 16 hex digits of the SHA-256 over the values as JSON with sorted keys.
    func version(for operation: String) throws(PlanningError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            let digest = SHA256.hash(data: try encoder.encode(self))
            let digits = Array("0123456789abcdef")
            return String(digest.prefix(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        } catch {
            throw PlanningError(.facts, operation: operation, detail: "the plan cannot be hashed", underlying: error)
        }
    }
}
