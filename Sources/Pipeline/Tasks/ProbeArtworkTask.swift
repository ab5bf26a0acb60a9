import MediaModel
import Planning
import Transcoding

/// Width and height of a picture file, found by decoding it once.
struct ProbeArtworkTask: TitleTask {
    static let kind = "probe-artwork"
    static let stage = TitleStage.reading
    static let start = TaskStart.beforePlan
    static let isGrouped = true
    static let libraries = ProbeLibraries.all

    struct Inputs: Codable, Hashable, Sendable {
        var file: ContentHash
    }

    typealias Record = ImagePlan.Size

    var inputs: Inputs

    var label: String { "read a picture" }

    static func all(of title: TitleGraph) -> [ProbeArtworkTask] {
        (title.plan.images?.artwork).map { [ProbeArtworkTask(inputs: Inputs(file: $0))] } ?? []
    }

    func seconds(_ costs: TaskCosts) -> Double { 0 }

    func make(into folder: String, _ title: OpenTitle) throws -> ImagePlan.Size {
        try title.reading([inputs.file]) { try PictureFile.size(of: $0[0].path) }
    }
}
