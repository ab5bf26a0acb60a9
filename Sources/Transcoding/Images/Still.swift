import Libav
import MediaModel

/// One picture that stills are made of, kept by reference.
final class Still {
    let frame: Frame
    let meaning: PictureMeaning

    init(frame: consuming Frame, meaning: PictureMeaning) {
        self.frame = frame
        self.meaning = meaning
    }
}

/// How a picture's numbers are to be read.
struct PictureMeaning: Hashable {
    /// No tag is unspecified; matrix 0 is RGB.
    var color: ColorTags
    /// Chroma samples lie between the luma samples, as in JPEG; else on the left ones, as in film.
    var hasCenteredChroma: Bool
}

/// Turns pictures into what still formats hold: 8-bit 4:2:0 with the BT.601 matrix, which is the only one that JFIF (ITU-T T.871) and
/// WebP know, so that a browser shows the colours of the film.
final class StillConverter {
    private struct Chain: Hashable {
        var shape: FrameShape
        var meaning: PictureMeaning
        var size: ImagePlan.Size
        var fullRange: Bool
    }

    private var graphs: [Chain: FilterGraph] = [:]

    /// - Returns: a picture of `size`, owned by the caller.
    func convert(
        _ frame: borrowing Frame, meaning: PictureMeaning, to size: ImagePlan.Size, fullRange: Bool
    ) throws(LibavError) -> Frame {
        let chain = Chain(shape: frame.shape, meaning: meaning, size: size, fullRange: fullRange)
        let graph: FilterGraph
        if let known = graphs[chain] {
            graph = known
        } else {
            graph = try FilterGraph(
                StillConverter.filter(chain), input: .video(chain.shape, color: frame.color, timeBase: Rational(1, 25), frameRate: nil))
            graphs[chain] = graph
        }
        try graph.push(frame)
        let converted = try Frame()
        guard try graph.pull(into: converted) else {
            throw LibavError(
                code: LibavError.invalidData, operation: "convert a picture", detail: "the filter chain gave nothing back", log: "")
        }
        converted.dropMetadata()
        converted.setColor(StillFormat.color(fullRange: fullRange))
        return converted
    }

    private static func filter(_ chain: Chain) -> String {
        let (from, to) = (chain.meaning.color, StillFormat.color(fullRange: chain.fullRange))
        func range(_ color: ColorTags) -> String { color.isFullRange ? "full" : "limited" }
        // The transfer curve stays: stills are shown as the film is, and both are shown by the same screen.
        return "zscale=w=\(chain.size.width):h=\(chain.size.height):filter=lanczos"
            + ":min=\(from.matrix):tin=\(from.transfer):pin=\(from.primaries):rin=\(range(from))"
            + ":m=\(to.matrix):t=\(from.transfer):p=\(to.primaries):r=\(range(to))"
            + ":cin=\(chain.meaning.hasCenteredChroma ? "center" : "left"):c=center,format=yuv420p"
    }
}
