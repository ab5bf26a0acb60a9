import MediaModel

/// Sizes of poster, cards and sprite, and which frames the sprite shows.
enum ImagePlanner {
    private static let mostTiles: Int64 = 400

    /// nil where the preset makes none, or where there is neither a picture nor an artwork.
    static func plan(
        _ request: TitleRequest, picture: PicturePlan?, grid: Grid, facts: TitleFacts, operation: String
    ) throws(PlanningError) -> ImagePlan? {
        guard let settings = request.preset.images else { return nil }
        let frame = picture.map { ImagePlan.Size(width: $0.width, height: $0.height) }
        var artwork: ContentHash?
        var still = frame
        if let name = request.artwork {
            artwork = try facts.content(of: name, for: operation)
            guard let size = facts.artworkSize, size.width > 0, size.height > 0 else {
                throw PlanningError(
                    .facts, operation: operation, detail: "the size of the artwork \(RemoteAddress.shown(name)) is not known")
            }
            still = size
        }
        guard let still else { return nil }
        let interval = frame == nil ? settings.spriteInterval : interval(settings.spriteInterval, over: grid.duration)
        let frames = frame == nil ? [] : tileFrames(every: interval, on: grid)
        let columns = max(1, min(settings.spriteColumns, frames.count))
        return ImagePlan(
            artwork: artwork, poster: poster(of: still, width: settings.posterWidth),
            cards: cards(of: still, widths: settings.cardWidths), tile: tile(of: frame ?? still, side: settings.spriteWidth),
            columns: columns, rows: max(1, min(settings.spriteRows, (frames.count + columns - 1) / columns)),
            tileFrames: frames, interval: interval, quality: settings.quality)
    }

    private static func poster(of still: ImagePlan.Size, width: Int) -> ImagePlan.Size {
        let box = PictureGeometry.box(width, width * 9 / 16, for: (still.width, still.height))
        return fitted(still, by: PictureGeometry.scale(of: still.width, still.height, into: box))
    }

    /// Each width once, none wider than the picture.
    private static func cards(of still: ImagePlan.Size, widths: [Int]) -> [ImagePlan.Size] {
        var cards: [ImagePlan.Size] = []
        for width in widths {
            let card = fitted(still, by: Rational(Int64(width), Int64(still.width)))
            if !cards.contains(card) { cards.append(card) }
        }
        return cards
    }

    private static func tile(of frame: ImagePlan.Size, side: Int) -> ImagePlan.Size {
        fitted(frame, by: Rational(Int64(side), Int64(max(frame.width, frame.height))))
    }

    private static func fitted(_ size: ImagePlan.Size, by scale: Rational) -> ImagePlan.Size {
        PictureGeometry.size(of: size.width, size.height, scaledBy: min(scale, .one))
    }

    /// The preset's interval times 1, 2, 5, 10, 20, 50 …, the first with at most 400 tiles.
    private static func interval(_ base: Rational, over duration: Rational) -> Rational {
        var decade: Int64 = 1
        while true {
            for step in [1, 2, 5] as [Int64] {
                let interval = base * Rational(step * decade)
                if (duration / interval).ceiling <= mostTiles { return interval }
            }
            decade *= 10
        }
    }

    /// The frame in the middle of each interval; the last interval may be short, and its tile covers the end.
    private static func tileFrames(every interval: Rational, on grid: Grid) -> [Int] {
        let count = max(1, (grid.duration / interval).ceiling)
        return (0..<count).map { number in
            let middle = interval * (Rational(number) + Rational(1, 2)) * grid.frameRate
            return min(Int(middle.floor), grid.frames - 1)
        }
    }
}
