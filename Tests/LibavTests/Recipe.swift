import Libav
import MediaModel

/// What the tests encode: moving pictures and a tone that libavfilter makes by itself.
enum Recipe {
    static let size = (width: 160, height: 96)

    static func video(width: Int = size.width, height: Int = size.height, pixelFormat: String = "yuv420p") -> Encoder.Video {
        Encoder.Video(
            width: width, height: height, pixelFormat: pixelFormat, frameRate: Rational(25), timeBase: Rational(1, 25), color: .bt709)
    }

    static let audio = Encoder.Audio(sampleRate: 48000, channels: 2, sampleFormat: "fltp", bitRate: 96000)

    /// x264 as the pipeline uses it, with B-frames and a key frame only where one is asked for.
    static let x264 = [
        ("preset", "veryfast"), ("crf", "30"), ("g", "250"), ("forced-idr", "1"), ("bf", "2"),
        ("x264-params", "threads=1:stitchable=1:scenecut=0"),
    ]

    /// Pictures of a test pattern that moves, from one end of the title to the other.
    static func pictures(_ size: (width: Int, height: Int) = size) throws -> FilterGraph {
        try FilterGraph("testsrc2=size=\(size.width)x\(size.height):rate=25,format=yuv420p", input: nil)
    }
}
