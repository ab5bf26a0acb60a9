import Libav
package import MediaModel

/// Makes a title's still pictures: poster, cards, sprite sheets and their map.
package enum ImageWriter {
    /// Frames that compete for the poster, and how many more are asked when none of them will do.
    private static let candidates = 24
    private static let moreCandidates = 96

    /// One pass over the frames that the sprite and the poster's candidates need, in ascending order; a second one only where every
    /// candidate is black or blurred.
    /// - Parameters:
    ///   - sourcePath: of the title's source.
    ///   - artworkPath: of the picture that the plan has instead of a frame; nil where it has none.
    ///   - index: of the source's picture; nil for a title of sound alone, which has a poster only where the plan has an artwork.
    ///   - folder: exists, and belongs to the caller, who renames it when all is done.
    ///   - onProgress: told at every packet that is decoded; returns false to give up.
    /// - Returns: every picture that was written, named `images/<file>`.
    /// - Throws: `unreadable` for a source or an artwork that does not decode, `encoder` where this FFmpeg lacks libwebp, `output`.
    ///   Damage is no error here: the encode, which decodes every frame, is the judge of it.
    package static func run(
        plan: AssetPlan, sourcePath: String, artworkPath: String? = nil, index: FrameIndex?, into folder: String,
        onProgress: () -> Bool = { true }
    ) throws(TranscodingError) -> ImageRecord {
        guard let images = plan.images else { return ImageRecord(images: [], warnings: []) }
        let shelf = ImageFolder(folder, quality: images.quality)
        let artwork: Artwork? = if let artworkPath { try Artwork(path: artworkPath) } else { nil }
        if let artwork {
            try writeStills(artwork.still, poster: artwork.fitting(images.poster), cards: images.cards.map(artwork.fitting), to: shelf)
        }
        if let picture = plan.picture, let index {
            let pass = try FramePass(path: sourcePath, plan: plan, index: index)
            let poster = PosterChoice(images: images, color: picture.output)
            let sprite = SpriteSheets(images: images, color: picture.output)
            let tiles = Set(images.tileFrames)
            let asked = artwork == nil ? PosterChoice.candidates(candidates, frames: plan.grid.frames, near: images.tileFrames) : []
            try pass.forEach(tiles.union(asked), onProgress: onProgress) { visit throws(TranscodingError) in
                if asked.contains(visit.number) { try poster.consider(visit) }
                if tiles.contains(visit.number) { try sprite.draw(visit, to: shelf) }
            }
            try sprite.finish(to: shelf)
            if artwork == nil {
                if poster.isPoor {
                    let more = PosterChoice.candidates(moreCandidates, frames: plan.grid.frames, from: 0, to: 1)
                    try pass.forEach(more.subtracting(asked), onProgress: onProgress) { visit throws(TranscodingError) in
                        try poster.consider(visit)
                    }
                }
                try writeStills(try poster.chosen(), poster: images.poster, cards: images.cards, to: shelf)
            }
            try writeMap(of: plan, images, to: shelf)
        }
        return ImageRecord(images: shelf.images, warnings: [])
    }

    private static func writeStills(
        _ still: Still, poster: ImagePlan.Size, cards: [ImagePlan.Size], to shelf: ImageFolder
    ) throws(TranscodingError) {
        try shelf.writeStill(still, kind: .poster, name: "poster", size: poster)
        for card in cards { try shelf.writeStill(still, kind: .card, name: "card-\(card.width)", size: card) }
    }

    private static func writeMap(of plan: AssetPlan, _ images: ImagePlan, to shelf: ImageFolder) throws(TranscodingError) {
        guard !images.tileFrames.isEmpty else { return }
        let map = SpriteMap(images: images, duration: plan.grid.duration)
        try shelf.write([UInt8](map.text.utf8), kind: .spriteMap, name: "sprite.vtt", size: ImagePlan.Size(width: 0, height: 0))
    }
}
