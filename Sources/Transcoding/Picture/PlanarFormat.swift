import Libav
import MediaModel

/// The pixel formats that zscale and bwdif read, and the way to them from all others.
enum PlanarFormat {
    /// A chain that ends with a comma; empty where the picture is read as it is.
    ///
    /// zscale and bwdif read planar formats alone, in this machine's byte order; swscale unpacks the rest exactly.
    /// Odd sides too: zscale takes them only where chroma is as large as luma.
    static func prefix(of shape: FrameShape) -> String {
        let isOdd = shape.width % 2 != 0 || shape.height % 2 != 0
        guard let format = PixelFormat(shape.pixelFormatName), !isRead(format) || isOdd else { return "" }
        // The same range on both sides: else swscale would make a full range limited, and zscale once more.
        return "scale=flags=\(flags):in_range=full:out_range=full,format=\(name(for: format)),"
    }

    static let flags = "accurate_rnd+bitexact+full_chroma_int+full_chroma_inp"

    /// The planar format without subsampling that holds what `format` holds.
    static func name(for format: PixelFormat) -> String {
        format.isRGB ? (format.bitDepth > 8 ? "gbrp10le" : "gbrp") : format.bitDepth > 8 ? "yuv444p10le" : "yuv444p"
    }

    private static func isRead(_ format: PixelFormat) -> Bool {
        format.isPlanar && !format.hasAlpha && !format.isRGB && !format.name.hasPrefix("gray") && !format.name.hasSuffix("be")
    }

    /// What keeps a picture from being converted and scaled; nil where nothing does. Tried, not looked up: one small picture is made of it.
    static func refusal(of frame: borrowing Frame) -> LibavError? {
        let isRGB = PixelFormat(frame.shape.pixelFormatName)?.isRGB == true
        // What the tags mean is not the question here, and wrong ones are the planner's matter.
        let color = "min=\(isRGB ? 0 : 1):m=1:tin=1:t=1:pin=1:p=1"
        do throws(LibavError) {
            let graph = try FilterGraph(
                prefix(of: frame.shape) + "zscale=w=16:h=16:filter=lanczos:\(color),format=yuv420p",
                input: .video(frame.shape, color: frame.color, timeBase: Rational(1, 1000), frameRate: nil))
            try graph.push(frame)
            let small = try Frame()
            guard try graph.pull(into: small) else {
                return LibavError(code: LibavError.invalidData, operation: "convert a picture", detail: "nothing came back", log: "")
            }
            return nil
        } catch {
            return error
        }
    }
}
