import Libav
import MediaModel
import Testing

struct FilterGraphTests {
    private func gray() throws -> Frame { try Frame.picture(width: 64, height: 48, fullRange: false) }

    private func input(_ shape: FrameShape) -> FilterGraph.Input {
        .video(shape, color: .bt709, timeBase: Rational(1, 25), frameRate: Rational(25))
    }

    private func input(_ shape: SampleShape) -> FilterGraph.Input {
        .audio(
            sampleRate: shape.sampleRate, sampleFormat: shape.sampleFormat, layout: shape.layout,
            timeBase: Rational(1, Int64(shape.sampleRate)))
    }

    @Test(arguments: [
        ("nosuchfilter", "No such filter: 'nosuchfilter'"), ("scale=widht=10", "widht"), ("scale=w=nonsense", "nonsense"),
        ("format=pix_fmts=yuv420pp", "yuv420pp"), ("crop=w=4000", "Parsed_crop_0"),
    ])
    func aWrongChainIsRefusedInLibavsWords(_ chain: String, _ words: String) throws {
        let shape = try gray().shape
        let error = try #require(throws: LibavError.self) { _ = try FilterGraph(chain, input: input(shape)) }
        #expect(error.operation == "filter by '\(chain)'")
        #expect(error.description.contains(words), "\(error)")
        #expect(!error.description.contains("0x"), "\(error)")
    }

    @Test func aChainThatDoesNotFitItsInputIsRefused() throws {
        let shape = try gray().shape
        #expect(throws: LibavError.self) { _ = try FilterGraph("anull", input: input(shape)) }
        #expect(throws: LibavError.self) { _ = try FilterGraph("overlay", input: nil) }
        #expect(throws: LibavError.self) { _ = try FilterGraph("", input: nil) }
    }

    @Test func scalesToTheSizeAskedFor() throws {
        let frame = try gray()
        frame.setForEncoding(presentation: 7, isKey: false)
        let graph = try FilterGraph("scale=32:20,format=yuv444p10le", input: input(frame.shape))
        try graph.push(frame)
        #expect(frame.shape.width == 64, "the caller keeps the frame")
        let scaled = try Frame()
        #expect(try graph.pull(into: scaled))
        #expect((scaled.shape.width, scaled.shape.height) == (32, 20))
        #expect(scaled.shape.pixelFormatName == "yuv444p10le")
        #expect(scaled.presentation == 7)
        #expect(graph.outputTimeBase == Rational(1, 25))
        #expect(graph.outputFrameRate == Rational(25))
        #expect(try !graph.pull(into: scaled), "it needs another frame")
        try graph.finish()
        #expect(try !graph.pull(into: scaled), "it has no more")
    }

    @Test func aFrameRateThatIsNoWholeNumberStaysExact() throws {
        let graph = try FilterGraph("testsrc2=rate=30000/1001", input: nil)
        #expect(graph.outputFrameRate == Rational(30000, 1001))
        #expect(graph.outputTimeBase == Rational(1001, 30000))
        let shape = try gray().shape
        let passed = try FilterGraph(
            "null", input: .video(shape, color: .bt709, timeBase: Rational(1, 90000), frameRate: Rational(24000, 1001)))
        #expect(passed.outputTimeBase == Rational(1, 90000))
        #expect(passed.outputFrameRate == Rational(24000, 1001))
    }

    @Test func aPixelShapeGoesIn() throws {
        var shape = try gray().shape
        shape.sampleAspectRatio = Rational(16, 11)
        let graph = try FilterGraph("scale=w=iw*sar:h=ih,setsar=1", input: input(shape))
        try graph.push(gray())
        let frame = try Frame()
        #expect(try graph.pull(into: frame))
        #expect(frame.shape.width == 93)
        #expect(frame.shape.sampleAspectRatio == .one)
    }

    @Test func aChainThatMakesItsFramesTakesNone() throws {
        let graph = try FilterGraph("testsrc2", input: nil)
        let frame = try gray()
        #expect(throws: LibavError.self) { try graph.push(frame) }
        #expect(throws: LibavError.self) { try graph.finish() }
    }

    @Test func soundIsResampledToExactlyAsManySamplesAsAsked() throws {
        let tone = try FilterGraph(
            "sine=sample_rate=44100:duration=1,aformat=sample_fmts=s16:channel_layouts=mono", input: nil, isVideo: false)
        let made = try Frame()
        #expect(try tone.pull(into: made))
        let shape = made.sampleShape
        #expect((shape.sampleRate, shape.layout) == (44100, "mono"))
        let graph = try FilterGraph("aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo", input: input(shape))
        repeat { try graph.push(made) } while try tone.pull(into: made)
        try graph.finish()
        let output = try Frame()
        var lengths: [Int] = []
        while try graph.pull(samples: 1024, into: output) {
            lengths.append(output.samples)
            #expect(output.sampleShape.layout == "stereo")
            #expect(output.sampleRate == 48000)
        }
        #expect(lengths.dropLast().allSatisfy { $0 == 1024 })
        #expect(abs(lengths.reduce(0, +) - 48000) <= 32)
    }

    @Test(arguments: ["mono", "5.1(side)", "7.1", "FL+FR+LFE+BC"])
    func everyLayoutAsLibavWritesItCanBeRead(_ layout: String) throws {
        let source = try FilterGraph("anullsrc=channel_layout=\(layout):sample_rate=48000", input: nil, isVideo: false)
        let frame = try Frame()
        #expect(try source.pull(into: frame))
        let shape = frame.sampleShape
        let graph = try FilterGraph("aformat=channel_layouts=stereo", input: input(shape))
        try graph.push(frame)
        let mixed = try Frame()
        #expect(try graph.pull(into: mixed))
        #expect(mixed.sampleShape.layout == "stereo")
    }

    @Test func silenceIsAShapeThatAChainTakes() throws {
        let shape = SampleShape.silence(sampleRate: 48000)
        let graph = try FilterGraph("apad=whole_len=100,atrim=end_sample=100", input: input(shape))
        try graph.finish()
        let frame = try Frame()
        var samples = 0
        while try graph.pull(into: frame) { samples += frame.samples }
        #expect(samples == 100)
    }

    @Test func tellsWhichFiltersAreThere() {
        #expect(FilterGraph.exists("scale"))
        #expect(!FilterGraph.exists("nosuchfilter"))
    }

    /// A reader that collects a source's damage builds and rebuilds chains, encoders and muxers in between.
    @Test func buildingAChainLeavesACollectionAlone() throws {
        Log.install()
        Log.beginCollecting()
        _ = try? FilterGraph("nosuchfilter", input: nil)
        _ = try FilterGraph("testsrc2", input: nil)
        let encoder = try Encoder("libx264", video: Recipe.video(), options: Recipe.x264)
        _ = try FragmentMuxer(encoder: encoder, timescale: 25000, firstSegment: 1)
        _ = try Demuxer(path: ClipShelf.film())
        #expect(Log.drain().contains { $0.isError && $0.text.contains("nosuchfilter") })
    }
}
