import CFFmpeg
package import MediaModel

/// Turns frames into packets. Owns the codec's context; packets it fills belong to the caller and outlive it.
///
/// Strict: an option that nobody took, or any warning that the encoder logs while it opens, is an error. x264 and x265 only warn about
/// a parameter that they do not know, and about a level or a rate buffer that cannot be; a preset with either is wrong.
package final class Encoder {
    let context: UnsafeMutablePointer<AVCodecContext>
    private let operation: String
    private var hasFrames = false
    private var isDrained = false

    /// What the pictures are like; the encoder refuses others.
    package struct Video: Sendable {
        /// Pixels.
        package var width: Int
        package var height: Int
        /// libavutil's name.
        package var pixelFormat: String
        /// Frames per second.
        package var frameRate: Rational
        /// Seconds of one tick of the frames' times.
        package var timeBase: Rational
        package var color: ColorTags

        package init(width: Int, height: Int, pixelFormat: String, frameRate: Rational, timeBase: Rational, color: ColorTags) {
            self.width = width
            self.height = height
            self.pixelFormat = pixelFormat
            self.frameRate = frameRate
            self.timeBase = timeBase
            self.color = color
        }
    }

    /// What the sound is like; the encoder refuses any other. Its frames' times count samples.
    package struct Audio: Sendable {
        /// Samples per second.
        package var sampleRate: Int
        package var channels: Int
        /// libavutil's name, such as `fltp`.
        package var sampleFormat: String
        /// Bits per second.
        package var bitRate: Int

        package init(sampleRate: Int, channels: Int, sampleFormat: String, bitRate: Int) {
            self.sampleRate = sampleRate
            self.channels = channels
            self.sampleFormat = sampleFormat
            self.bitRate = bitRate
        }
    }

    /// Opens a video encoder.
    /// - Parameters:
    ///   - options: libavcodec's and the encoder's own, such as `("crf", "23")`.
    ///   - threads: of the encoder; bytes may depend on them.
    ///   - globalHeader: the sample description stands beside the packets, not in them.
    /// - Throws: when this FFmpeg lacks the encoder, or the encoder does not take all that was asked without a word.
    package convenience init(
        _ name: String, video: Video, options: [(String, String)], threads: Int = 1, globalHeader: Bool = true
    ) throws(LibavError) {
        try self.init(name, options: options) { context in
            context.pointee.width = Int32(video.width)
            context.pointee.height = Int32(video.height)
            context.pointee.pix_fmt = av_get_pix_fmt(video.pixelFormat)
            context.pointee.time_base = video.timeBase.av
            context.pointee.framerate = video.frameRate.av
            context.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
            context.pointee.color_primaries = AVColorPrimaries(UInt32(video.color.primaries))
            context.pointee.color_trc = AVColorTransferCharacteristic(UInt32(video.color.transfer))
            context.pointee.colorspace = AVColorSpace(UInt32(video.color.matrix))
            context.pointee.color_range = video.color.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
            context.pointee.chroma_sample_location = AVCHROMA_LOC_LEFT
            context.pointee.thread_count = Int32(threads)
            if globalHeader { context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
            context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
        }
    }

    /// Opens an audio encoder.
    /// - Parameter options: as above.
    /// - Throws: as above.
    package convenience init(_ name: String, audio: Audio, options: [(String, String)] = []) throws(LibavError) {
        try self.init(name, options: options) { context in
            context.pointee.sample_rate = Int32(audio.sampleRate)
            context.pointee.sample_fmt = av_get_sample_fmt(audio.sampleFormat)
            context.pointee.bit_rate = Int64(audio.bitRate)
            context.pointee.time_base = AVRational(num: 1, den: Int32(audio.sampleRate))
            reelmill_set_channel_layout(context, Int32(audio.channels))
            context.pointee.thread_count = 1
            context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT
        }
    }

    private init(
        _ name: String, options: [(String, String)], configure: (UnsafeMutablePointer<AVCodecContext>) -> Void
    ) throws(LibavError) {
        Log.install()
        operation = "encode with '\(name)'"
        guard let codec = avcodec_find_encoder_by_name(name) else {
            throw LibavError(
                code: LibavError.invalidArgument, operation: operation, detail: "this FFmpeg was built without the encoder", log: "")
        }
        let context = try allocated(avcodec_alloc_context3(codec), "an encoder")
        self.context = context
        // All is set: from here on `deinit` frees, thrown or not.
        configure(context)
        var dictionary = try OptionDictionary(options)
        var lines: [Log.Line] = []
        let code = Log.collecting(into: &lines) { dictionary.lend { avcodec_open2(context, codec, $0) } }
        let said = lines.map(\.text).joined(separator: "; ")
        if code < 0 { throw LibavError(code: code, operation: operation, log: said) }
        let leftover = dictionary.leftover
        if !leftover.isEmpty {
            throw LibavError(
                code: LibavError.invalidArgument, operation: operation, detail: "it has no option '\(leftover.joined(separator: "', '"))'",
                log: said)
        }
        if !lines.isEmpty {
            throw LibavError(code: LibavError.invalidArgument, operation: operation, detail: "it would not do as asked", log: said)
        }
    }

    deinit {
        letGo()
        var freeing: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&freeing)
    }

    /// SVT-AV1 waits for ever when it is closed before its first frame, and complains when it is closed before its last packet was taken:
    /// an encoder that was opened only to prove its options, or whose work was given up, is brought to its end first.
    private func letGo() {
        guard avcodec_is_open(context) != 0, String(cString: context.pointee.codec.pointee.name) == "libsvtav1", !isDrained else { return }
        do throws(LibavError) {
            if !hasFrames {
                let blank = try Frame()
                blank.pointer.pointee.format = context.pointee.pix_fmt.rawValue
                blank.pointer.pointee.width = context.pointee.width
                blank.pointer.pointee.height = context.pointee.height
                blank.presentation = 0
                try check(av_frame_get_buffer(blank.pointer, 0), operation)
                try send(blank)
            }
            try finish()
            let packet = try Packet()
            while try receive(into: packet) {}
        } catch {
            // It failed before; freeing it is all that is left to do.
        }
    }

    /// True where this FFmpeg was built with the encoder.
    package static func exists(_ name: String) -> Bool { avcodec_find_encoder_by_name(name) != nil }

    /// Lends a frame to the encoder, which takes a reference of its own.
    /// - Throws: also for a frame of another shape than the encoder was opened for, which some encoders would read past.
    package func send(_ frame: borrowing Frame) throws(LibavError) {
        Log.clear()
        guard fits(frame.pointer) else {
            throw LibavError(
                code: LibavError.invalidArgument, operation: operation, detail: "the frame has another shape than the encoder", log: "")
        }
        hasFrames = true
        try check(avcodec_send_frame(context, frame.pointer), operation)
    }

    private func fits(_ frame: UnsafePointer<AVFrame>) -> Bool {
        // Field by field: both structures are large, and this runs for every frame.
        context.pointee.codec_type == AVMEDIA_TYPE_AUDIO
            ? context.pointee.sample_fmt.rawValue == frame.pointee.format
                && context.pointee.ch_layout.nb_channels == frame.pointee.ch_layout.nb_channels
                && context.pointee.sample_rate == frame.pointee.sample_rate
            : context.pointee.pix_fmt.rawValue == frame.pointee.format
                && context.pointee.width == frame.pointee.width && context.pointee.height == frame.pointee.height
    }

    /// Says that no frame follows; packets still inside come out of `receive`.
    package func finish() throws(LibavError) {
        let code = avcodec_send_frame(context, nil)
        if code != LibavError.endOfFile { try check(code, operation) }
    }

    /// Fills `packet` with the next coded one.
    /// - Returns: false when it needs another frame, or has no more.
    package func receive(into packet: borrowing Packet) throws(LibavError) -> Bool {
        let code = avcodec_receive_packet(context, packet.pointer)
        if code == LibavError.endOfFile { isDrained = true }
        if code == LibavError.again || code == LibavError.endOfFile { return false }
        try check(code, operation)
        return true
    }

    /// Frames by which pictures are decoded earlier than they are shown where reordering is deepest, by the encoder's settings alone: known
    /// before any picture is coded, and the same for every encoder that was opened alike.
    package func reorderedFrames() throws(LibavError) -> Int {
        switch context.pointee.codec_id {
        // A temporal unit of AV1 holds the pictures that are decoded early and the one that is shown: its units are in order.
        case AV_CODEC_ID_AV1: return 0
        // libavcodec does not tell it for x265, but the parameter sets do, which a decoder reads when it is opened.
        case AV_CODEC_ID_HEVC: return try Decoder(of: context, operation: operation).delay
        default: return Int(context.pointee.has_b_frames)
        }
    }
    /// Samples that every audio frame but the last must hold.
    package var frameSamples: Int { Int(context.pointee.frame_size) }
    /// Samples that come before the first one put in.
    package var initialPadding: Int { Int(context.pointee.initial_padding) }
}
