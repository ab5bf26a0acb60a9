import MediaModel

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
    /// Hashes of both.
    private let preset: String
    private let libraries: String
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

    init(_ plan: AssetPlan, request: TitleRequest, libraries: [LibraryIdentity], engine: Int) throws {
        self.engine = engine
        source = plan.source.fingerprint
        stream = plan.source.video?.stream
        trim = request.trim
        acceptsDamage = plan.acceptsDamage
        preset = try SharedInputs.hash(request.preset)
        self.libraries = try SharedInputs.hash(libraries)
        origin = plan.origin
        grid = plan.grid
        picture = plan.picture
        rungs = plan.rungs
        audio = plan.audio
        text = plan.text
        images = plan.images
    }

    /// The first 16 hex digits of the SHA-256 over the values.
    static func version(
        _ plan: AssetPlan, request: TitleRequest, libraries: [LibraryIdentity], engine: Int, for operation: String
    ) throws(PlanningError) -> String {
        do {
            return String(
                try SharedInputs.hash(of: VersionInputs(plan, request: request, libraries: libraries, engine: engine)).prefix(16))
        } catch {
            throw PlanningError(.facts, operation: operation, detail: "the plan cannot be hashed", underlying: error)
        }
    }
}
