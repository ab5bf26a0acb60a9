import MediaModel
import Packaging
import Planning

/// One subtitle file as segments.
struct TextTask: TitleTask {
    static let kind = "text"
    static let stage = TitleStage.subtitles
    static let libraries: [LibraryIdentity] = []

    struct Inputs: Codable, Hashable, Sendable {
        var file: ContentHash
        var isNamedWebVTT: Bool
        /// Names the encoding of a file that does not.
        var language: String
        var encoding: TextEncoding?
        /// Warnings name the track by it.
        var label: String
        /// Seconds of the source that come before the title's 0.
        var trimStart: Rational
        var grid: SegmentGrid
    }

    typealias Record = MediaRecord

    /// In the plan.
    var number: Int
    var inputs: Inputs

    var label: String { "convert subtitle \(number + 1)" }

    static func all(of title: TitleGraph) -> [TextTask] {
        let plan = title.plan
        // A sidecar's clock begins with the source's picture.
        let start = plan.origin - (plan.source.video?.start ?? plan.origin)
        return plan.text.enumerated().map { number, text in
            TextTask(
                number: number,
                inputs: Inputs(
                    file: text.file, isNamedWebVTT: text.isNamedWebVTT, language: text.language, encoding: text.encoding,
                    label: text.label, trimStart: start, grid: SegmentGrid(plan.grid)))
        }
    }

    func seconds(_ costs: TaskCosts) -> Double { 0.1 }

    func make(into folder: String, _ title: OpenTitle) throws -> MediaRecord {
        try title.reading([inputs.file]) { files in
            try TextConversion.run(
                title.plan.text[number], path: files[0].path, label: files[0].label, trimStart: inputs.trimStart, grid: title.plan.grid,
                into: folder)
        }
    }
}
