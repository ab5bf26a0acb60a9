import Libav
import MediaModel
import TestSupport
import Testing

struct EncoderTests {
    /// What the encoder says when it is opened with these options on top of those that work.
    private func refusal(_ name: String, _ options: [(String, String)], video: Encoder.Video = Recipe.video()) throws -> LibavError {
        try #require(throws: LibavError.self) { _ = try Encoder(name, video: video, options: options) }
    }

    @Test func anOptionThatNobodyKnowsIsRefusedByName() throws {
        let error = try refusal("libx264", [("preset", "ultrafast"), ("crff", "20"), ("speeed", "1")])
        #expect(error.operation == "encode with 'libx264'")
        #expect(error.detail.contains("'crff', 'speeed'"))
    }

    @Test(arguments: [
        ("libx264", "x264-params", "foo=1", "foo"), ("libx264", "x264-params", "me=nonsense", "me"),
        ("libx265", "x265-params", "log-level=none:foo=1", "foo"), ("libsvtav1", "svtav1-params", "foo=1", "foo"),
    ])
    func aParameterThatIsOnlyWarnedAboutIsRefused(_ name: String, _ key: String, _ value: String, _ word: String) throws {
        guard Encoder.exists(name) else { return }
        let error = try refusal(name, [(key, value)])
        #expect(error.description.contains(word), "\(error)")
        #expect(!error.description.contains("0x"))
    }

    @Test func aLevelTooLowForTheSizeIsRefusedInX264sWords() throws {
        let error = try refusal("libx264", [("preset", "ultrafast"), ("level", "3.0")], video: Recipe.video(width: 1280, height: 720))
        #expect(error.detail == "it would not do as asked")
        #expect(error.log.contains("level limit"))
        #expect(throws: Never.self) {
            try Encoder("libx264", video: Recipe.video(width: 1280, height: 720), options: [("preset", "ultrafast"), ("level", "3.1")])
        }
    }

    @Test func aRateCapWithoutABufferIsRefused() throws {
        let error = try refusal("libx264", [("preset", "ultrafast"), ("maxrate", "1000000")])
        #expect(error.log.contains("bufsize"))
        #expect(throws: Never.self) {
            try Encoder(
                "libx264", video: Recipe.video(), options: [("preset", "ultrafast"), ("maxrate", "1000000"), ("bufsize", "1000000")])
        }
    }

    @Test func aValueThatTheEncoderCannotTakeIsRefused() throws {
        #expect(try refusal("libx264", [("preset", "quickest")]).log.contains("preset"))
        #expect(try refusal("libx264", [("crf", "many")]).description.contains("crf"))
        #expect(try refusal("libx264", [], video: Recipe.video(pixelFormat: "nosuchformat")).code < 0)
        #expect(try refusal("libx264", [], video: Recipe.video(width: 0, height: 0)).code < 0)
    }

    @Test(arguments: [
        ("libx264", "x264-params", "threads=1", 2), ("libx264", "x264-params", "b-pyramid=none", 1),
        ("libx264", "x264-params", "bframes=0", 0),
        ("libx265", "x265-params", "log-level=none", 2), ("libx265", "x265-params", "log-level=none:b-pyramid=0", 1),
        ("libx265", "x265-params", "log-level=none:bframes=0", 0), ("libsvtav1", "svtav1-params", "lp=1", 0),
    ])
    func theDepthOfReorderingIsKnownBeforeAnyPicture(_ name: String, _ key: String, _ value: String, _ frames: Int) throws {
        guard Encoder.exists(name) else { return }
        let encoder = try Encoder(name, video: Recipe.video(), options: [(key, value)])
        #expect(try encoder.reorderedFrames() == frames)
    }

    @Test func anEncoderThatIsNotThereIsNamed() throws {
        let error = try refusal("libnosuch", [])
        #expect(error.description == "cannot encode with 'libnosuch': this FFmpeg was built without the encoder")
        #expect(!Encoder.exists("libnosuch"))
        #expect(Encoder.exists("libx264") && Encoder.exists("aac"))
    }

    /// Some encoders would read past the end of a smaller picture.
    @Test func aFrameOfAnotherShapeIsRefused() throws {
        let encoder = try Encoder("libx264", video: Recipe.video(), options: Recipe.x264)
        for (width, height) in [(80, 96), (160, 48), (320, 192)] {
            let frame = try Frame.picture(width: width, height: height, fullRange: false)
            let error = try #require(throws: LibavError.self) { try encoder.send(frame) }
            #expect(error.detail == "the frame has another shape than the encoder")
        }
        let empty = try Frame()
        #expect(throws: LibavError.self) { try encoder.send(empty) }
        let sound = try Encoder("aac", audio: Recipe.audio)
        let picture = try Frame.picture(width: 160, height: 96, fullRange: false)
        #expect(throws: LibavError.self) { try sound.send(picture) }
        #expect(throws: Never.self) { try encoder.send(Frame.picture(width: 160, height: 96, fullRange: false)) }
    }

    @Test func givesAPacketForEveryFrameAndKeyFramesWhereAsked() throws {
        let encoder = try Encoder("libx264", video: Recipe.video(), options: Recipe.x264)
        let source = try Recipe.pictures()
        let frame = try Frame()
        let packet = try Packet()
        var keys: [Int64?] = []
        var packets = 0
        for number in 0..<30 as Range<Int64> {
            #expect(try source.pull(into: frame))
            frame.setForEncoding(presentation: number, isKey: number % 10 == 0)
            try encoder.send(frame)
            while try encoder.receive(into: packet) {
                packets += 1
                if packet.isKey { keys.append(packet.presentation) }
            }
        }
        try encoder.finish()
        try encoder.finish()
        while try encoder.receive(into: packet) {
            packets += 1
            if packet.isKey { keys.append(packet.presentation) }
        }
        #expect(packets == 30)
        #expect(keys == [0, 10, 20])
    }

    @Test func soundSaysHowLongItsFramesAreAndWhatComesBefore() throws {
        let encoder = try Encoder("aac", audio: Recipe.audio)
        #expect(encoder.frameSamples == AudioCodec.aac.frameSamples)
        #expect(encoder.initialPadding == 1024)
        let error = try #require(throws: LibavError.self) {
            _ = try Encoder("aac", audio: Encoder.Audio(sampleRate: 12345, channels: 2, sampleFormat: "fltp", bitRate: 64000))
        }
        #expect(error.description.contains("sample rate"), "\(error)")
    }

    /// An encoder that is opened while another piece of work collects damage on the same thread takes none of it away.
    @Test func openingLeavesACollectionAlone() throws {
        Log.beginCollecting()
        _ = Log.drain()
        _ = try? Demuxer(path: "/nowhere")
        _ = try refusal("libx264", [("x264-params", "foo=1")])
        #expect(Log.drain().isEmpty, "an encoder's warnings are no damage of a source")
    }
}
