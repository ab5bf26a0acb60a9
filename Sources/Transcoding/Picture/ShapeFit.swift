import Libav
import MediaModel

/// A picture of another shape than the source's own, fitted into it with bars: an advert in standard definition between two halves of
/// a film in high definition. Nothing is ever stretched.
struct ShapeFit {
    /// What the picture is fitted into.
    let stored: StoredShape
    /// Ends with a comma.
    let chain: String

    /// nil where the picture has the source's own shape.
    init?(_ shape: FrameShape, color: ColorTags, into picture: PicturePlan) {
        guard let stored = picture.stored, !Self.matches(shape, stored), shape.width > 0, shape.height > 0,
            let format = PixelFormat(shape.pixelFormatName)
        else { return nil }
        self.stored = stored
        let size = Self.size(of: shape, in: stored)
        let planar = PlanarFormat.name(for: format)
        // Both offsets even: a bar ends where a sample of colour does.
        let (left, top) = ((stored.width - size.width) / 2 & ~1, (stored.height - size.height) / 2 & ~1)
        chain =
            "scale=\(size.width):\(size.height):flags=lanczos+\(PlanarFormat.flags)\(Self.conversion(from: color, to: picture.input, format)),"
            + "format=\(planar),pad=\(stored.width):\(stored.height):\(left):\(top):black,setsar=1,"
    }

    static func matches(_ shape: FrameShape, _ stored: StoredShape) -> Bool {
        guard shape.width == stored.width, shape.height == stored.height else { return false }
        return stored.isAspectFixed || shape.sampleAspectRatio <= .zero || shape.sampleAspectRatio == stored.sampleAspectRatio
    }

    /// Pixels of the stored grid, even, that keep the picture's shape and touch two sides of the source's.
    static func size(of shape: FrameShape, in stored: StoredShape) -> ImagePlan.Size {
        let aspect = shape.sampleAspectRatio > .zero ? shape.sampleAspectRatio : .one
        // In pixels of the stored shape, before scaling.
        let width = Rational(Int64(shape.width)) * aspect / stored.sampleAspectRatio
        let height = Rational(Int64(shape.height))
        let scale = min(Rational(Int64(stored.width)) / width, Rational(Int64(stored.height)) / height)
        func side(_ value: Rational, _ most: Int) -> Int { min(most, max(2, 2 * Int((value * scale / Rational(2)).rounded))) }
        return ImagePlan.Size(width: side(width, stored.width), height: side(height, stored.height))
    }

    /// Colours as the whole source is read: where this picture says that its numbers mean something else, they are converted.
    private static func conversion(from color: ColorTags, to input: ColorTags, _ format: PixelFormat) -> String {
        guard !format.isRGB else { return ":in_range=full:out_range=full" }
        let range = ":in_range=\(color.isFullRange ? "full" : "limited"):out_range=\(input.isFullRange ? "full" : "limited")"
        guard let from = matrix(color.matrix), let to = matrix(input.matrix), from != to else { return range }
        return range + ":in_color_matrix=\(from):out_color_matrix=\(to)"
    }

    private static func matrix(_ code: Int) -> String? {
        switch code {
        case 1: "bt709"
        case 4: "fcc"
        case 5, 6: "bt601"
        case 7: "smpte240m"
        case 9, 10: "bt2020"
        default: nil
        }
    }
}
