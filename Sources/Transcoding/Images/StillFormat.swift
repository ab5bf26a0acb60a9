import Libav
import MediaModel

/// A file format of still pictures.
enum StillFormat {
    case jpeg
    case webp

    var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .webp: "webp"
        }
    }

    var isFullRange: Bool { self == .jpeg }

    /// What the numbers of a still mean: BT.709 primaries, as sRGB has, and the matrix of BT.601.
    static func color(fullRange: Bool) -> ColorTags { ColorTags(primaries: 1, transfer: 1, matrix: 5, isFullRange: fullRange) }

    /// One picture as a whole file. The encoders write no metadata.
    /// - Parameters:
    ///   - frame: 8-bit 4:2:0 in the colours of `color(fullRange:)`.
    ///   - quality: 1 to 100.
    func encode(_ frame: borrowing Frame, quality: Int) throws(LibavError) -> [UInt8] {
        let shape = frame.shape
        let encoder = try Encoder(
            self == .jpeg ? "mjpeg" : "libwebp",
            video: Encoder.Video(
                width: shape.width, height: shape.height, pixelFormat: "yuv420p", frameRate: Rational(25), timeBase: Rational(1, 25),
                color: StillFormat.color(fullRange: isFullRange)),
            options: options(quality), globalHeader: false)
        frame.setForEncoding(presentation: 0, isKey: true)
        try encoder.send(frame)
        try encoder.finish()
        let packet = try Packet()
        guard try encoder.receive(into: packet) else {
            throw LibavError(code: LibavError.invalidData, operation: "encode a picture", detail: "the encoder gave nothing", log: "")
        }
        return packet.bytes
    }

    private func options(_ quality: Int) -> [(String, String)] {
        switch self {
        case .webp: return [("quality", String(quality))]
        case .jpeg:
            // libavcodec scales MPEG's matrix by 1/8 of its quantiser, libjpeg T.81's by its quality: equal coarseness on average.
            let quantiser = min(31, max(2, ((100 - quality) * 243 + 500) / 1000))
            return [("qmin", String(quantiser)), ("qmax", String(quantiser))]
        }
    }
}
