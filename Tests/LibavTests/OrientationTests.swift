import Foundation
import Libav
import MediaModel
import TestSupport
import Testing

/// A picture that looks different in all eight orientations, with the track header's matrix patched; `ffmpeg` turns it by itself.
struct OrientationTests {
    /// a, b, c, d of ISO/IEC 14496-12, 8.3.2: what stored right and stored down become.
    static let cases: [(matrix: [Int32], orientation: Orientation)] = [
        ([1, 0, 0, 1], Orientation(mirrored: false, clockwise: 0)), ([0, 1, -1, 0], Orientation(mirrored: false, clockwise: 90)),
        ([-1, 0, 0, -1], Orientation(mirrored: false, clockwise: 180)), ([0, -1, 1, 0], Orientation(mirrored: false, clockwise: 270)),
        ([-1, 0, 0, 1], Orientation(mirrored: true, clockwise: 0)), ([0, -1, -1, 0], Orientation(mirrored: true, clockwise: 90)),
        ([1, 0, 0, -1], Orientation(mirrored: true, clockwise: 180)), ([0, 1, 1, 0], Orientation(mirrored: true, clockwise: 270)),
    ]

    @Test(arguments: cases.indices)
    func isReadFromTheDisplayMatrixAsTheJudgeReadsIt(_ index: Int) throws {
        let (matrix, orientation) = Self.cases[index]
        let folder = try TemporaryFolder()
        let path = folder.file("turned.mp4")
        try Clip.make(path, video: "testsrc2=size=64x48:rate=25:duration=0.2", options: ["-qp", "0"])
        try folder.write(Self.patched(folder.bytes(of: "turned.mp4"), matrix), to: "turned.mp4")

        let demuxer = try Demuxer(path: path)
        #expect(demuxer.streams[0].orientation == orientation)

        let judged = folder.file("judged.raw")
        try Program.demand("ffmpeg", ["-v", "error", "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "yuv420p", judged])
        let luma = try folder.bytes(of: "judged.raw").prefix(64 * 48)
        #expect(try Self.turnedLuma(demuxer, by: demuxer.streams[0].orientation) == Array(luma))
    }

    private static func turnedLuma(_ demuxer: Demuxer, by orientation: Orientation) throws -> [UInt8] {
        let decoder = try demuxer.decoder(forStream: 0)
        let packet = try Packet()
        let frame = try Frame()
        repeat {
            guard try demuxer.read(into: packet) else {
                try decoder.finish()
                #expect(try decoder.receive(into: frame))
                break
            }
            try decoder.send(packet)
        } while try !decoder.receive(into: frame)
        let turn = [0: "null", 90: "transpose=clock", 180: "hflip,vflip", 270: "transpose=cclock"][orientation.clockwise] ?? ""
        let graph = try FilterGraph(
            (orientation.mirrored ? "hflip," : "") + turn,
            input: .video(frame.shape, color: frame.color, timeBase: Rational(1, 25), frameRate: nil))
        try graph.push(frame)
        #expect(try graph.pull(into: frame))
        #expect(frame.shape.width == (orientation.swapsSides ? 48 : 64))
        return frame.plane(0, width: frame.shape.width, height: frame.shape.height)
    }

    /// The matrix stands 40 bytes into a version 0 track header.
    private static func patched(_ file: [UInt8], _ matrix: [Int32]) throws -> [UInt8] {
        var file = file
        let type = try #require(file.indices.dropLast(4).first { file[$0..<$0 + 4].elementsEqual("tkhd".utf8) })
        let start = type + 4 + 40
        for (place, value) in zip([0, 1, 3, 4], matrix) {
            for byte in 0..<4 { file[start + place * 4 + byte] = UInt8(truncatingIfNeeded: (value << 16) >> (24 - 8 * Int32(byte))) }
        }
        return file
    }
}
