import CFFmpeg
package import MediaModel

/// Writes packets of several tracks into one plain file: MP4, MOV, Matroska, WAV. Owns the container's context and the open file.
///
/// Tracks first (`addTrack`), then `begin`, then packets, then `finish`: a file that was not finished is not whole.
package final class FileMuxer {
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let path: String
    /// Ticks in which each track's packets come, and one frame in those ticks where all last equally long.
    private var clocks: [(timeBase: AVRational, frameTicks: Int64)] = []
    private var isBegun = false

    /// What the container says about a track beside what its encoder knows.
    package struct Track: Sendable {
        /// ISO 639-2 code, such as `eng`; nil: unsaid.
        package var language: String?
        /// How the decoded picture must be turned to stand upright: becomes the display matrix.
        package var orientation: Orientation
        /// Frames per second where they are constant; nil for sound and for a variable rate.
        package var frameRate: Rational?

        package init(language: String? = nil, orientation: Orientation = .upright, frameRate: Rational? = nil) {
            self.language = language
            self.orientation = orientation
            self.frameRate = frameRate
        }
    }

    /// Creates `path`, or empties it.
    /// - Parameter format: libavformat's name of the container, such as `mp4`, `mov`, `matroska` or `wav`.
    package init(path: String, format: String) throws(LibavError) {
        Log.install()
        Log.clear()
        self.path = path
        var opened: UnsafeMutablePointer<AVFormatContext>?
        try check(avformat_alloc_output_context2(&opened, nil, format, nil), "write '\(path)' as '\(format)'")
        context = try allocated(opened, "a muxer")
        context.pointee.flags |= AVFMT_FLAG_BITEXACT
        // All is set by now: where this throws, `deinit` frees. The `file:` prefix keeps a name such as `a:b.mp4` a name.
        try check(avio_open(&context.pointee.pb, "file:" + path, AVIO_FLAG_WRITE), "create '\(path)'")
    }

    deinit {
        avio_closep(&context.pointee.pb)
        avformat_free_context(context)
    }

    /// Adds a track before `begin`.
    /// - Parameter encoder: opened with a global header; not kept.
    /// - Returns: the number that `write` wants.
    package func addTrack(_ encoder: Encoder, _ track: Track = Track()) throws(LibavError) -> Int {
        let operation = "add a track to '\(path)'"
        let stream = try allocated(avformat_new_stream(context, nil), "a track")
        try check(avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context), operation)
        stream.pointee.time_base = encoder.context.pointee.time_base
        if let rate = track.frameRate { stream.pointee.avg_frame_rate = rate.av }
        if let language = track.language { try check(av_dict_set(&stream.pointee.metadata, "language", language, 0), operation) }
        if track.orientation != .upright {
            var matrix = track.orientation.displayMatrix
            try check(reelmill_stream_set_display_matrix(stream, &matrix), operation)
        }
        let timeBase = encoder.context.pointee.time_base
        let frame = track.frameRate.map { ($0.reciprocal / Rational(timeBase)).rounded } ?? 0
        clocks.append((timeBase, frame))
        return clocks.count - 1
    }

    /// Writes the header; no track can follow.
    package func begin() throws(LibavError) {
        try check(avformat_write_header(context, nil), "begin '\(path)'")
        isBegun = true
    }

    /// Hands a packet over, its times in ticks of its encoder; libav takes the bytes, orders the tracks, and leaves the packet empty.
    package func write(_ packet: borrowing Packet, track: Int) throws(LibavError) {
        let (timeBase, frameTicks) = clocks[track]
        packet.pointer.pointee.stream_index = Int32(track)
        if packet.pointer.pointee.duration == 0 { packet.pointer.pointee.duration = frameTicks }
        av_packet_rescale_ts(packet.pointer, timeBase, context.pointee.streams[track]!.pointee.time_base)
        try check(av_interleaved_write_frame(context, packet.pointer), "write '\(path)'")
    }

    /// Writes what the tracks still hold and the index, and closes the file. Once, at the end; the muxer is of no use afterwards.
    package func finish() throws(LibavError) {
        guard isBegun else { return }
        isBegun = false
        try check(av_write_trailer(context), "finish '\(path)'")
        try check(avio_closep(&context.pointee.pb), "close '\(path)'")
    }
}

extension Orientation {
    /// The 3 by 3 matrix of the track header (ISO/IEC 14496-12, 8.3.2): 16.16 fixed point, the last column 2.30, row vectors.
    var displayMatrix: [Int32] {
        let one: Int32 = 1 << 16
        let (x, y): (Int32, Int32) =
            switch clockwise {
            case 90: (0, one)
            case 180: (-one, 0)
            case 270: (0, -one)
            default: (one, 0)
            }
        let sign: Int32 = mirrored ? -1 : 1
        return [sign * x, sign * y, 0, -y, x, 0, 0, 0, 1 << 30]
    }
}
