import Foundation
import Libav
import MediaModel

/// Encodes one picture as a JPEG file (JFIF: full range, BT.601 matrix).
enum StillWriter {
    static func write(_ graph: String, width: Int, height: Int, to path: String) throws {
        let scaling = "scale=\(width):\(height):flags=lanczos+accurate_rnd+bitexact:out_color_matrix=bt601:out_range=pc,format=yuvj420p"
        let filter = try FilterGraph("\(graph),\(scaling)", input: nil)
        let frame = try Frame()
        guard try filter.pull(into: frame) else {
            throw SampleError(code: .libav, operation: "draw '\(path)'", detail: "the graph made no picture")
        }
        let encoder = try Encoder(
            "mjpeg",
            video: Encoder.Video(
                width: width, height: height, pixelFormat: "yuvj420p", frameRate: Rational(25), timeBase: Rational(1, 25),
                color: ColorTags(primaries: 1, transfer: 1, matrix: 5, isFullRange: true)),
            options: [("qmin", "3"), ("qmax", "3")], globalHeader: false)
        frame.setForEncoding(presentation: 0, isKey: true)
        try encoder.send(frame)
        try encoder.finish()
        let packet = try Packet()
        guard try encoder.receive(into: packet) else {
            throw SampleError(code: .libav, operation: "encode '\(path)'", detail: "the encoder gave nothing")
        }
        try Data(packet.bytes).write(to: URL(fileURLWithPath: path))
    }
}
