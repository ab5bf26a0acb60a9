import CFFmpeg
package import MediaModel

/// Reads the packets of one file. Owns the container's context; packets it fills belong to the caller and outlive it.
package final class Demuxer {
    let context: UnsafeMutablePointer<AVFormatContext>
    /// nil: libav opened the file itself. Let go of after the context is closed.
    private let input: FileInput?
    package let path: String
    /// nil: all.
    private var selected: Set<Int>?
    /// Where the clock breaks and is followed; nil: nowhere.
    private var clock: FollowedClock?

    /// Formats that are lists of other files: following them would read what the manifest never named.
    private static let refused: Set<String> = [
        "hls", "dash", "concat", "concatf", "sdp", "rtsp", "image2", "image2pipe", "imf", "webm_dash_manifest", "ffmetadata", "tty",
        "lavfi",
        "vobsub", "avisynth", "vapoursynth",
    ]

    /// Opens a local file and reads as far as libav needs to know its streams.
    ///
    /// The format is found by content, never by name, and only then opened, so that a playlist in disguise is refused before it is
    /// followed.
    /// - Parameter listener: of a plain file alone, which is then read by us: is lent every piece that libav reads and told where in the
    ///   file
    ///   it lies. Pieces come in the order in which libav wants them: some twice, some never, and it jumps. Kept as long as the demuxer.
    /// - Throws: `LibavError` when it cannot be opened, is a list of other files, or holds no stream.
    package init(path: String, listener: ((_ bytes: RawSpan, _ offset: Int64) -> Void)? = nil) throws(LibavError) {
        Log.install()
        Log.clear()
        self.path = path
        let operation = "open '\(path)'"
        try FileKind.demandPlain(path, operation: operation)
        // The `file:` prefix keeps a name such as `-x.mp4` or `a:b.mp4` a name.
        let url = "file:" + path
        // What libav complains about while it looks around is no damage of the stretch that the caller reads.
        (context, input) = try Log.uncollected { () throws(LibavError) in
            let format = try Demuxer.format(of: url, operation)
            var input: FileInput?
            if let listener { input = try FileInput(path: path, operation: operation, listener: listener) }
            return (try Demuxer.open(url, format: format, input: input, operation), input)
        }
        // All is set: from here on `deinit` closes, thrown or not.
        let context = context
        try check(Log.uncollected { avformat_find_stream_info(context, nil) }, operation)
        if context.pointee.nb_streams == 0 {
            throw LibavError(code: LibavError.invalidData, operation: operation, detail: "it holds no stream", log: "")
        }
    }

    /// What the first bytes say, and nothing else.
    private static func format(of url: String, _ operation: String) throws(LibavError) -> UnsafePointer<AVInputFormat>? {
        var input: UnsafeMutablePointer<AVIOContext>?
        try check(avio_open2(&input, url, AVIO_FLAG_READ, nil, nil), operation)
        var format: UnsafePointer<AVInputFormat>?
        let probed = av_probe_input_buffer2(input, &format, nil, nil, 0, 0)
        avio_closep(&input)
        try check(probed, operation)
        let name = format.map { String(cString: $0.pointee.name) } ?? ""
        if name.split(separator: ",").contains(where: { refused.contains(String($0)) }) {
            throw LibavError(
                code: LibavError.invalidData, operation: operation,
                detail: "it is no media file but a '\(name)', which may point at other files", log: "")
        }
        return format
    }

    private static func open(
        _ url: String, format: UnsafePointer<AVInputFormat>?, input: FileInput?, _ operation: String
    ) throws(LibavError) -> UnsafeMutablePointer<AVFormatContext> {
        // Freed by the open call where that fails, but for the input.
        var opened: UnsafeMutablePointer<AVFormatContext>? = try allocated(avformat_alloc_context(), "a demuxer")
        if let input { opened?.pointee.pb = input.context }
        // What one file may open besides itself: nothing (an MP4 data reference may name another).
        var options = try OptionDictionary([("protocol_whitelist", "file")])
        try check(options.lend { avformat_open_input(&opened, url, format, $0) }, operation)
        return try allocated(opened, "a demuxer")
    }

    deinit {
        var closing: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&closing)
    }

    package var formatName: String { String(cString: context.pointee.iformat.pointee.name) }
    /// Broadcasts and the like: the container's clock may leap by design.
    package var clockMayLeap: Bool { context.pointee.iformat.pointee.flags & AVFMT_TS_DISCONT != 0 }
    /// What the container says it lasts, in seconds; nil where libav only guessed it from the bit rate.
    package var duration: Rational? {
        guard context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE else { return nil }
        return known(context.pointee.duration).map { Rational($0, Int64(AV_TIME_BASE)) }
    }
    /// Programs of a transport stream, in the order in which its tables name them; empty in other containers.
    package var programs: [MediaProgram] {
        (0..<Int(context.pointee.nb_programs)).compactMap { index in
            guard let program = context.pointee.programs[index] else { return nil }
            let members = (0..<Int(program.pointee.nb_stream_indexes)).map { Int(program.pointee.stream_index[$0]) }
            return MediaProgram(number: Int(program.pointee.id), streams: Set(members))
        }
    }
    package var streams: [MediaStream] { (0..<Int(context.pointee.nb_streams)).map { MediaStream(stream(at: $0), index: $0) } }

    func stream(at index: Int) -> UnsafeMutablePointer<AVStream> { context.pointee.streams[index]! }

    /// Reads on only for these streams; libav skips the packets of all others.
    package func select(_ wanted: Set<Int>) {
        selected = wanted
        for index in 0..<Int(context.pointee.nb_streams) {
            stream(at: index).pointee.discard = wanted.contains(index) ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
    }

    /// Follows the clock where it breaks: packets come with times that go on. To be called before anything is read, and before `select`
    /// leaves out a stream that is wanted later. Such a file is read from its start alone: `seek` is refused.
    package func follow(_ joints: [ClockJoint]) {
        clock = joints.isEmpty ? nil : FollowedClock(joints)
    }

    /// Fills `packet` with the next one of the selected streams.
    /// - Returns: false at the end of the file.
    package func read(into packet: borrowing Packet) throws(LibavError) -> Bool {
        while true {
            packet.clear()
            Log.clear()
            let code = av_read_frame(context, packet.pointer)
            if code == LibavError.endOfFile { return false }
            try check(code, "read '\(path)'")
            clock?.correct(packet)
            // Packets that libav read while it looked for streams come out whatever was selected since.
            if selected.map({ $0.contains(packet.stream) }) ?? true { return true }
        }
    }

    /// Goes to the last seek point of `stream` not after `decoding` (its time base's ticks). Says nothing about where it lands: compare
    /// packets.
    package func seek(stream: Int, decoding: Int64) throws(LibavError) {
        Log.clear()
        if clock != nil {
            throw LibavError(code: LibavError.invalidArgument, operation: "seek in '\(path)'", detail: "its clock breaks", log: "")
        }
        try check(av_seek_frame(context, Int32(stream), decoding, AVSEEK_FLAG_BACKWARD), "seek in '\(path)'")
    }

    /// Opens a decoder for one stream, on one thread.
    package func decoder(forStream index: Int, threads: Int = 1) throws(LibavError) -> Decoder {
        try Decoder(stream: stream(at: index), operation: "decode stream \(index) of '\(path)'", threads: threads)
    }
}

/// A program of a transport stream: streams that belong together.
package struct MediaProgram: Hashable, Sendable {
    package let number: Int
    package let streams: Set<Int>
}

/// Facts of one stream as the container and its first packets tell them.
package struct MediaStream: Sendable {
    package enum Kind: Sendable { case video, audio, subtitle, other }

    package let index: Int
    /// The container's own number of the stream: the PID of a transport stream.
    package let identifier: Int
    package let kind: Kind
    package let codec: String
    /// False when this FFmpeg has no decoder for it.
    package let isDecodable: Bool
    package let timeBase: Rational
    /// In ticks of `timeBase`.
    package let start: Int64?
    package let duration: Int64?
    package let averageFrameRate: Rational
    package let realFrameRate: Rational
    package let width: Int
    package let height: Int
    package let sampleAspectRatio: Rational
    /// The container's own word on the shape of a pixel; 0 where it says nothing.
    package let containerAspectRatio: Rational
    package let pixelFormat: String
    package let fieldOrderIsInterlaced: Bool
    package let orientation: Orientation
    package let sampleRate: Int
    package let channels: Int
    package let layout: String
    package let language: String?
    package let title: String?
    /// `HH:MM:SS.nnnnnnnnn`: what a Matroska muxer says of how long the track lasts.
    package let statedDuration: String?
    package let isDefault: Bool
    package let isCommentary: Bool
    package let isForced: Bool
    /// Cover art, or a timed thumbnail: a picture, but not the film.
    package let isStill: Bool
    /// The container says so; MP4 (ISO/IEC 23001-7) says it with the packets alone, see `Packet.isEncrypted`.
    package let isEncrypted: Bool
    /// Packets that a decoder takes in before the first picture comes out, beyond one for one: the depth of reordering.
    package let reorderDelay: Int
    /// Samples that the decoder drops at the start.
    package let initialPadding: Int

    init(_ stream: UnsafeMutablePointer<AVStream>, index: Int) {
        let parameters = stream.pointee.codecpar!
        self.index = index
        identifier = Int(stream.pointee.id)
        kind =
            switch parameters.pointee.codec_type {
            case AVMEDIA_TYPE_VIDEO: .video
            case AVMEDIA_TYPE_AUDIO: .audio
            case AVMEDIA_TYPE_SUBTITLE: .subtitle
            default: .other
            }
        codec = MediaStream.codecName(parameters)
        isDecodable = avcodec_find_decoder(parameters.pointee.codec_id) != nil
        timeBase = Rational(stream.pointee.time_base)
        start = known(stream.pointee.start_time)
        duration = known(stream.pointee.duration)
        averageFrameRate = Rational(stream.pointee.avg_frame_rate)
        realFrameRate = Rational(stream.pointee.r_frame_rate)
        width = Int(parameters.pointee.width)
        height = Int(parameters.pointee.height)
        let onStream = Rational(stream.pointee.sample_aspect_ratio)
        let onCodec = Rational(parameters.pointee.sample_aspect_ratio)
        containerAspectRatio = onStream
        sampleAspectRatio = onStream > .zero ? onStream : onCodec
        let isPicture = parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO
        pixelFormat =
            isPicture ? av_get_pix_fmt_name(AVPixelFormat(parameters.pointee.format)).map { String(cString: $0) } ?? "" : ""
        let order = parameters.pointee.field_order
        fieldOrderIsInterlaced = order == AV_FIELD_TT || order == AV_FIELD_BB || order == AV_FIELD_TB || order == AV_FIELD_BT
        orientation = reelmill_stream_display_matrix(stream).map { Orientation(displayMatrix: $0) } ?? .upright
        sampleRate = Int(parameters.pointee.sample_rate)
        channels = Int(parameters.pointee.ch_layout.nb_channels)
        layout = MediaStream.describe(&parameters.pointee.ch_layout)
        let tag = String(in: stream.pointee.metadata, key: "language")
        language = tag == "und" || tag == "" ? nil : tag
        title = String(in: stream.pointee.metadata, key: "title")
        statedDuration = String(in: stream.pointee.metadata, key: "DURATION")
        let disposition = stream.pointee.disposition
        isDefault = disposition & AV_DISPOSITION_DEFAULT != 0
        isCommentary = disposition & AV_DISPOSITION_COMMENT != 0
        isForced = disposition & AV_DISPOSITION_FORCED != 0
        isStill = disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS) != 0
        // libavformat keeps the original format in the tag: 'encv' and 'enca' are ISO/IEC 23001-7's encrypted sample entries.
        isEncrypted = [0x7663_6E65, 0x6163_6E65].contains(parameters.pointee.codec_tag)
        reorderDelay = Int(parameters.pointee.video_delay)
        initialPadding = Int(parameters.pointee.initial_padding)
    }

    /// libavcodec's name, or the container's four characters for what it does not know.
    private static func codecName(_ parameters: UnsafePointer<AVCodecParameters>) -> String {
        if parameters.pointee.codec_id != AV_CODEC_ID_NONE { return String(cString: avcodec_get_name(parameters.pointee.codec_id)) }
        let characters = (0..<4).map { UInt8(truncatingIfNeeded: parameters.pointee.codec_tag >> ($0 * 8)) }
        return characters.allSatisfy { 32..<127 ~= $0 } ? String(decoding: characters, as: UTF8.self) : "unknown"
    }

    private static func describe(_ layout: UnsafePointer<AVChannelLayout>) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress, av_channel_layout_describe(layout, start, buffer.count) > 0 else { return "" }
            return String(cString: start)
        }
    }
}

extension Orientation {
    /// From the 3 by 3 matrix of the track header (ISO/IEC 14496-12, 8.3.2): 16.16 fixed point, row vectors. The angle alone would lose a
    /// mirror.
    init(displayMatrix m: UnsafePointer<Int32>) {
        let (a, b, c, d) = (Int64(m[0]), Int64(m[1]), Int64(m[3]), Int64(m[4]))
        let mirrored = a * d - b * c < 0
        // With the mirror (left to right, first) taken out, the first row is where the stored x axis points.
        let (x, y) = mirrored ? (-a, -b) : (a, b)
        let clockwise = abs(x) >= abs(y) ? (x >= 0 ? 0 : 180) : (y > 0 ? 90 : 270)
        self.init(mirrored: mirrored, clockwise: clockwise)
    }
}
