import Libav
import MediaModel
import TestSupport
import Testing

@Suite struct FileMuxerTests {
    private static let size = (width: 64, height: 48)

    /// Writes `frames` gray pictures, and a tone beside them, as a program would.
    private func write(_ path: String, format: String, frames: Int, picture: FileMuxer.Track, sound: FileMuxer.Track) throws {
        let muxer = try FileMuxer(path: path, format: format)
        let pictures = try Encoder(
            "libx264",
            video: Encoder.Video(
                width: Self.size.width, height: Self.size.height, pixelFormat: "yuv420p", frameRate: Rational(25),
                timeBase: Rational(1, 25),
                color: .bt709),
            options: [("preset", "ultrafast")])
        let samples = try Encoder("aac", audio: Encoder.Audio(sampleRate: 48000, channels: 2, sampleFormat: "fltp", bitRate: 64000))
        let (first, second) = (try muxer.addTrack(pictures, picture), try muxer.addTrack(samples, sound))
        try muxer.begin()
        let packet = try Packet()
        for number in 0..<frames {
            let frame = try Frame.picture(width: Self.size.width, height: Self.size.height, fullRange: false)
            frame.setForEncoding(presentation: Int64(number), isKey: false)
            try pictures.send(frame)
            while try pictures.receive(into: packet) { try muxer.write(packet, track: first) }
        }
        try pictures.finish()
        while try pictures.receive(into: packet) { try muxer.write(packet, track: first) }
        let tone = try FilterGraph(
            "sine=sample_rate=48000:duration=\(Double(frames) / 25),aformat=sample_fmts=fltp:channel_layouts=stereo", input: nil,
            isVideo: false)
        let frame = try Frame()
        while try tone.pull(samples: samples.frameSamples, into: frame) {
            try samples.send(frame)
            while try samples.receive(into: packet) { try muxer.write(packet, track: second) }
        }
        try samples.finish()
        while try samples.receive(into: packet) { try muxer.write(packet, track: second) }
        try muxer.finish()
    }

    @Test(arguments: [("film.mp4", "mp4"), ("film.mov", "mov"), ("film.mkv", "matroska")])
    func whatIsWrittenIsReadByAnother(_ name: String, _ format: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file(name)
        try write(
            path, format: format, frames: 30, picture: FileMuxer.Track(frameRate: Rational(25)), sound: FileMuxer.Track(language: "fra"))
        #expect(try Judge.complaints(path) == "")
        #expect(try Judge.frames(path) == 30)
        #expect(try Judge.entries(path, "stream=codec_name") == ["h264", "aac"])
        #expect(try Judge.entries(path, "stream_tags=language", ["-select_streams", "a"]) == ["fra"])
        #expect(try Judge.entries(path, "stream=r_frame_rate", ["-select_streams", "v"]) == ["25/1"])
    }

    @Test(arguments: [0, 90, 180, 270], [false, true]) func displayMatrixComesBack(_ clockwise: Int, _ mirrored: Bool) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("turned.mp4")
        let orientation = Orientation(mirrored: mirrored, clockwise: clockwise)
        try write(
            path, format: "mp4", frames: 2, picture: FileMuxer.Track(orientation: orientation, frameRate: Rational(25)),
            sound: FileMuxer.Track())
        #expect(try Demuxer(path: path).streams.first?.orientation == orientation)
    }

    @Test func ffmpegTurnsThePictureTheSameWay() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("turned.mp4")
        try write(
            path, format: "mp4", frames: 2,
            picture: FileMuxer.Track(orientation: Orientation(mirrored: false, clockwise: 90), frameRate: Rational(25)),
            sound: FileMuxer.Track())
        // ffprobe counts against the clock.
        #expect(try Judge.entries(path, "stream_side_data=rotation", ["-select_streams", "v"]) == ["-90"])
    }

    @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: LibavError.self) { try FileMuxer(path: folder.file("none/film.mp4"), format: "mp4") }
        #expect(error?.description.contains("none/film.mp4") == true)
    }
}
