import Libav
import MediaModel

/// The picture that a manifest names for a title: upright, without transparency.
struct Artwork {
    let still: Still
    /// Width and height changed places when it was set upright.
    private let isTurned: Bool

    /// Any picture that libav reads; what is transparent becomes black.
    init(path: String) throws(TranscodingError) {
        let decoded = try PictureFile.read(path)
        let orientation = decoded.orientation
        isTurned = orientation.swapsSides
        still = try wrapping(.unsupported, "convert the picture '\(path)'") { () throws(LibavError) in
            try Artwork.upright(decoded, orientation)
        }
    }

    /// The planned size, for a plan that knows the picture as it is stored.
    func fitting(_ size: ImagePlan.Size) -> ImagePlan.Size {
        isTurned ? ImagePlan.Size(width: size.height, height: size.width) : size
    }

    private static func upright(_ decoded: borrowing Frame, _ orientation: Orientation) throws(LibavError) -> Still {
        let shape = decoded.shape
        let flat = flattening(PixelFormat(shape.pixelFormatName))
        let chain = ([flat] + turning(orientation)).filter { !$0.isEmpty }.joined(separator: ",")
        let tags = flat.isEmpty ? stored(decoded.color) : ColorTags(primaries: 1, transfer: 13, matrix: 0, isFullRange: true)
        let meaning = PictureMeaning(color: tags, hasCenteredChroma: true)
        guard !chain.isEmpty else { return Still(frame: try decoded.reference(), meaning: meaning) }
        let graph = try FilterGraph(
            chain, input: .video(shape, color: decoded.color, timeBase: Rational(1, 25), frameRate: nil))
        try graph.push(decoded)
        let frame = try Frame()
        guard try graph.pull(into: frame) else {
            throw LibavError(
                code: LibavError.invalidData, operation: "turn a picture", detail: "the filter chain gave nothing back", log: "")
        }
        return Still(frame: frame, meaning: meaning)
    }

    /// Still formats that hold luma and chroma mean BT.601 and the sRGB curve unless they say otherwise.
    private static func stored(_ tags: ColorTags) -> ColorTags {
        let isUnsaid = tags.matrix == 0 || tags.matrix == 2
        return ColorTags(primaries: 1, transfer: 13, matrix: isUnsaid ? 5 : tags.matrix, isFullRange: tags.isFullRange)
    }

    /// To planar RGB, over black; nothing for planar luma and chroma without transparency, which zscale reads as they are.
    private static func flattening(_ format: PixelFormat?) -> String {
        guard let format else { return "" }
        if format.isPlanar && !format.isRGB && !format.hasAlpha && !format.name.hasPrefix("gray") { return "" }
        let scale = "scale=flags=accurate_rnd+bitexact+full_chroma_int+full_chroma_inp"
        return format.hasAlpha ? "\(scale),format=gbrap,premultiply=inplace=1,format=gbrp" : "\(scale),format=gbrp"
    }

    private static func turning(_ orientation: Orientation) -> [String] {
        let mirror = orientation.mirrored ? ["hflip"] : []
        switch orientation.clockwise {
        case 90: return mirror + ["transpose=clock"]
        case 180: return mirror + ["hflip", "vflip"]
        case 270: return mirror + ["transpose=cclock"]
        default: return mirror
        }
    }
}
