import MediaModel
import Planning
import Transcoding

/// Poster, cards and sprites.
struct ImagesTask: TitleTask {
    static let kind = "images"
    static let stage = TitleStage.images

    struct Inputs: Codable, Hashable, Sendable {
        var source: ContentHash
        var stream: Int
        var origin: Rational
        var frameRate: Rational
        var frames: Int
        var picture: PicturePlan?
        var images: ImagePlan
        var acceptsDamage: Bool
    }

    typealias Record = ImageRecord

    var inputs: Inputs

    var label: String { "make the images" }

    static func all(of title: TitleGraph) -> [ImagesTask] {
        let plan = title.plan
        return plan.images.map { images in
            ImagesTask(
                inputs: Inputs(
                    source: ContentHash(plan.source.fingerprint), stream: plan.source.video?.stream ?? 0, origin: plan.origin,
                    frameRate: plan.grid.frameRate, frames: plan.grid.frames, picture: plan.picture, images: images,
                    acceptsDamage: plan.acceptsDamage))
        }.map { [$0] } ?? []
    }

    func seconds(_ costs: TaskCosts) -> Double { costs.images }

    func make(into folder: String, _ title: OpenTitle) throws -> ImageRecord {
        let artwork = inputs.images.artwork.map { [$0] } ?? []
        return try title.reading([inputs.source] + artwork) { files in
            try ImageWriter.run(
                plan: title.plan, sourcePath: files[0].path, artworkPath: files.dropFirst().first?.path, index: title.index, into: folder
            ) { title.goesOn() }
        }
    }
}
