import CFFmpeg
package import MediaModel

/// A chain of libavfilter with one way in and one way out. Owns the graph; frames pulled out belong to the caller.
package final class FilterGraph {
    private var graph: UnsafeMutablePointer<AVFilterGraph>?
    private let source: UnsafeMutablePointer<AVFilterContext>?
    private let sink: UnsafeMutablePointer<AVFilterContext>
    private let operation: String

    /// What comes in. Times in ticks of `timeBase`.
    package enum Input: Sendable {
        case video(FrameShape, color: ColorTags, timeBase: Rational, frameRate: Rational?)
        case audio(sampleRate: Int, sampleFormat: Int32, layout: String, timeBase: Rational)
    }

    /// Builds and checks a chain such as `bwdif,scale=1280:720`.
    /// - Parameter input: nil for a chain that makes its frames itself, such as `testsrc2`.
    /// - Throws: for a filter that this FFmpeg lacks, and for every option that it does not know.
    package init(_ chain: String, input: Input?, isVideo: Bool = true) throws(LibavError) {
        Log.install()
        Log.clear()
        operation = "filter by '\(chain)'"
        let graph = avfilter_graph_alloc()
        guard let graph else { throw LibavError(code: LibavError.outOfMemory, operation: operation) }
        // One thread: the caller's. Slices on other threads would change neither speed per core nor bytes, only who is measured.
        graph.pointee.nb_threads = 1
        do throws(LibavError) {
            source = if let input { try FilterGraph.make(input.filter, "in", input.arguments, in: graph, operation) } else { nil }
            let isAudio = if case .audio = input { true } else { !isVideo }
            sink = try FilterGraph.make(isAudio ? "abuffersink" : "buffersink", "out", nil, in: graph, operation)
            try FilterGraph.link(chain, from: source, to: sink, in: graph, operation)
            try check(avfilter_graph_config(graph, nil), operation)
            // Owned by `deinit` from here on, and not before: it runs too when an initializer throws with everything set.
            self.graph = graph
        } catch {
            var freeing: UnsafeMutablePointer<AVFilterGraph>? = graph
            avfilter_graph_free(&freeing)
            throw error
        }
    }

    deinit { avfilter_graph_free(&graph) }

    private static func make(
        _ name: String, _ label: String, _ arguments: String?, in graph: UnsafeMutablePointer<AVFilterGraph>, _ operation: String
    ) throws(LibavError) -> UnsafeMutablePointer<AVFilterContext> {
        var filter: UnsafeMutablePointer<AVFilterContext>?
        try check(avfilter_graph_create_filter(&filter, avfilter_get_by_name(name), label, arguments, nil, graph), operation)
        return try allocated(filter, "the filter '\(name)'")
    }

    private static func link(
        _ chain: String, from source: UnsafeMutablePointer<AVFilterContext>?, to sink: UnsafeMutablePointer<AVFilterContext>,
        in graph: UnsafeMutablePointer<AVFilterGraph>, _ operation: String
    ) throws(LibavError) {
        var outputs: UnsafeMutablePointer<AVFilterInOut>?
        var inputs = avfilter_inout_alloc()
        defer {
            avfilter_inout_free(&outputs)
            avfilter_inout_free(&inputs)
        }
        if let source {
            outputs = avfilter_inout_alloc()
            outputs?.pointee.name = av_strdup("in")
            outputs?.pointee.filter_ctx = source
        }
        inputs?.pointee.name = av_strdup("out")
        inputs?.pointee.filter_ctx = sink
        try check(avfilter_graph_parse_ptr(graph, chain, &inputs, &outputs, nil), operation)
    }

    /// Lends a frame to the chain, which takes a reference of its own.
    package func push(_ frame: borrowing Frame) throws(LibavError) {
        Log.clear()
        try check(av_buffersrc_add_frame_flags(entrance(), frame.pointer, Int32(AV_BUFFERSRC_FLAG_KEEP_REF)), operation)
    }

    /// Says that no frame follows; what the chain still holds comes out of `pull`.
    package func finish() throws(LibavError) {
        try check(av_buffersrc_add_frame_flags(entrance(), nil, 0), operation)
    }

    /// libav would follow a null pointer here.
    private func entrance() throws(LibavError) -> UnsafeMutablePointer<AVFilterContext> {
        guard let source else {
            throw LibavError(code: LibavError.invalidArgument, operation: operation, detail: "the chain makes its frames itself", log: "")
        }
        return source
    }

    /// Fills `frame` with the next one out of the chain; what it held before is given back.
    /// - Returns: false when it needs another frame, or has no more.
    package func pull(into frame: borrowing Frame) throws(LibavError) -> Bool {
        // Unlike a decoder, the sink overwrites a frame without giving back what it held.
        frame.clear()
        let code = av_buffersink_get_frame(sink, frame.pointer)
        if code == LibavError.again || code == LibavError.endOfFile { return false }
        try check(code, operation)
        return true
    }

    /// As `pull`, with exactly `samples` samples, fewer only at the very end.
    package func pull(samples: Int, into frame: borrowing Frame) throws(LibavError) -> Bool {
        frame.clear()
        let code = av_buffersink_get_samples(sink, frame.pointer, Int32(samples))
        if code == LibavError.again || code == LibavError.endOfFile { return false }
        try check(code, operation)
        return true
    }

    package var outputTimeBase: Rational { Rational(av_buffersink_get_time_base(sink)) }
    package var outputFrameRate: Rational { Rational(av_buffersink_get_frame_rate(sink)) }

    /// True where this FFmpeg was built with the filter.
    package static func exists(_ name: String) -> Bool { avfilter_get_by_name(name) != nil }
}

extension FilterGraph.Input {
    var filter: String {
        switch self {
        case .video: "buffer"
        case .audio: "abuffer"
        }
    }

    var arguments: String {
        switch self {
        case .video(let shape, let color, let timeBase, let frameRate):
            var text = "width=\(shape.width):height=\(shape.height):pix_fmt=\(shape.pixelFormat):time_base=\(timeBase)"
            let sampleAspectRatio = shape.sampleAspectRatio > .zero ? shape.sampleAspectRatio : .one
            text += ":pixel_aspect=\(sampleAspectRatio.numerator)/\(sampleAspectRatio.denominator)"
            if let frameRate { text += ":frame_rate=\(frameRate)" }
            // From FFmpeg 7 on the link itself carries these, and complains when frames differ from it.
            if avfilter_version() >> 16 >= 10 { text += ":colorspace=\(color.matrix):range=\(color.isFullRange ? 2 : 1)" }
            return text
        case .audio(let sampleRate, let sampleFormat, let layout, let timeBase):
            let format = av_get_sample_fmt_name(AVSampleFormat(sampleFormat)).map { String(cString: $0) } ?? "\(sampleFormat)"
            return "time_base=\(timeBase):sample_rate=\(sampleRate):sample_fmt=\(format):channel_layout=\(layout)"
        }
    }
}

/// What an audio chain must be rebuilt for when it changes in mid-stream.
package struct SampleShape: Hashable, Sendable {
    package var sampleRate: Int
    /// libavutil's number of the sample format.
    package var sampleFormat: Int32
    /// As libavutil writes it, such as `stereo`.
    package var layout: String

    /// What a chain is built for when no sound ever came.
    package static func silence(sampleRate: Int) -> SampleShape {
        SampleShape(sampleRate: sampleRate, sampleFormat: AV_SAMPLE_FMT_FLTP.rawValue, layout: "stereo")
    }
}

extension Frame {
    package var sampleShape: SampleShape {
        // A decoder of raw PCM may know the count of channels alone; the default layout of that count is what everyone assumes.
        if pointer.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
            av_channel_layout_default(&pointer.pointee.ch_layout, pointer.pointee.ch_layout.nb_channels)
        }
        let layout = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer -> String in
            guard let start = buffer.baseAddress, av_channel_layout_describe(&pointer.pointee.ch_layout, start, buffer.count) > 0 else {
                return ""
            }
            return String(cString: start)
        }
        return SampleShape(sampleRate: Int(pointer.pointee.sample_rate), sampleFormat: pointer.pointee.format, layout: layout)
    }
}
