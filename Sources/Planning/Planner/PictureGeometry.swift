import MediaModel

/// Sizes of the picture, in exact arithmetic: square pixels, upright, even sides (4:2:0 has one colour sample for two pixels).
enum PictureGeometry {
    /// What is done to every frame before it is scaled.
    static func picture(of video: VideoTrackInfo, crop: Crop, operation: String) throws(PlanningError) -> PicturePlan {
        guard video.width > 0, video.height > 0, video.frameRate > .zero, video.sampleAspectRatio > .zero else {
            throw PlanningError(
                .source, operation: operation,
                detail: "stream \(video.stream) declares a picture of \(video.width)x\(video.height) at "
                    + "\(video.frameRate) fps, which cannot be: re-wrap or replace the source")
        }
        let left = crop.size(of: video.width, video.height)
        guard crop.isNone || (left.width >= leastSide && left.height >= leastSide) else {
            throw PlanningError(
                .source, operation: operation,
                detail: "crop leaves \(max(0, left.width))x\(max(0, left.height)) of a picture of \(video.width)x\(video.height); "
                    + "at least \(leastSide)x\(leastSide) must be left")
        }
        // 4:1:1 and 4:1:0 have one colour sample for four pixels.
        let isCoarse = ["411", "410"].contains { video.pixelFormat.contains($0) }
        guard !isCoarse || [crop.left, crop.right, crop.top, crop.bottom].allSatisfy({ $0 % 4 == 0 }) else {
            throw PlanningError(
                .source, operation: operation, detail: "the sides of crop must be multiples of 4 for \(video.pixelFormat)")
        }
        // The height is kept and the width changed, as broadcasters do: no line is ever interpolated.
        let square = Rational(Int64(left.width)) * video.sampleAspectRatio
        let stored = (width: square, height: Rational(Int64(left.height)))
        let upright = video.orientation.swapsSides ? (stored.height, stored.width) : (stored.width, stored.height)
        let color = try ColorPlanner.tags(of: video, operation: operation)
        var plan = PicturePlan(
            deinterlace: video.isInterlaced, crop: crop, orientation: video.orientation, width: even(upright.0), height: even(upright.1),
            input: color.input, output: color.output)
        plan.stored = StoredShape(
            width: video.width, height: video.height, sampleAspectRatio: video.sampleAspectRatio, isAspectFixed: video.hasContainerAspect)
        return plan
    }

    /// Of what a crop leaves: a macroblock.
    private static let leastSide = 16

    /// The nearest even whole number, halves down so that nothing is invented; at least 2.
    static func even(_ side: Rational) -> Int {
        let half = side / Rational(2)
        return 2 * max(1, Int((half - Rational(1, 2)).ceiling))
    }

    /// How much a picture must be scaled to touch the box from inside; above 1, the box is larger in both directions.
    static func scale(of width: Int, _ height: Int, into box: (width: Int, height: Int)) -> Rational {
        min(Rational(Int64(box.width), Int64(width)), Rational(Int64(box.height), Int64(height)))
    }

    /// Scaled, even, shape kept to the nearest pixel.
    static func size(of width: Int, _ height: Int, scaledBy scale: Rational) -> ImagePlan.Size {
        ImagePlan.Size(width: even(Rational(Int64(width)) * scale), height: even(Rational(Int64(height)) * scale))
    }

    /// A box for landscape pictures, turned for a portrait one; a square picture counts as landscape.
    static func box(_ width: Int, _ height: Int, for picture: (width: Int, height: Int)) -> (width: Int, height: Int) {
        let isPortrait = picture.height > picture.width
        return isPortrait ? (min(width, height), max(width, height)) : (max(width, height), min(width, height))
    }
}
