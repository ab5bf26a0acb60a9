import CFFmpeg
import MediaModel

/// Writes one track as CMAF: an init segment, then one movie fragment a segment, into memory.
///
/// The settings are those that were measured to give exact decode times (`tfdt`), composition offsets as the packets have them, no edit
/// list (the caller knows where presentation begins), and an init segment that does not depend on what follows.
package final class FragmentMuxer {
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let output: ByteSink
    private let packetTimeBase: AVRational
    /// The track's own clock, ticks per second.
    package let timescale: Int64

    /// What libav writes to, kept alive as long as the muxer.
    private final class ByteSink {
        var bytes: [UInt8] = []
    }

    /// - Parameters:
    ///   - encoder: opened; its parameter sets go into the sample description. Not kept.
    ///   - timescale: ticks per second of the track.
    ///   - firstSegment: the number that the first fragment carries (`mfhd`), from 1.
    package init(encoder: Encoder, timescale: Int64, firstSegment: Int) throws(LibavError) {
        Log.clear()
        let operation = "write fragments"
        output = ByteSink()
        var opened: UnsafeMutablePointer<AVFormatContext>?
        try check(avformat_alloc_output_context2(&opened, nil, "mp4", nil), operation)
        let context = try allocated(opened, "a muxer")
        self.context = context
        do throws(LibavError) {
            try FragmentMuxer.attach(output, to: context)
            packetTimeBase = AVRational(num: 1, den: Int32(timescale))
            let stream = try allocated(avformat_new_stream(context, nil), "a track")
            try check(avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context), operation)
            stream.pointee.codecpar.pointee.codec_tag = FragmentMuxer.sampleEntry(encoder.context.pointee.codec_id)
            stream.pointee.time_base = packetTimeBase
            context.pointee.avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED
            context.pointee.flags |= AVFMT_FLAG_BITEXACT
            var options = try OptionDictionary([
                // Not `cmaf`: it asks for offsets below 0, counted from the first packet of each muxer.
                ("movflags", "+frag_custom+empty_moov+default_base_moof+skip_trailer+frag_discont"),
                ("fragment_index", String(firstSegment)), ("use_editlist", "0"),
                // A bit rate box would make the init segment differ from chunk to chunk.
                ("write_btrt", "0"),
                ("video_track_timescale", String(timescale)),
            ])
            try check(options.lend { avformat_write_header(context, $0) }, operation)
            self.timescale = Int64(stream.pointee.time_base.den)
        } catch {
            FragmentMuxer.free(context)
            throw error
        }
    }

    deinit { FragmentMuxer.free(context) }

    private static func attach(_ sink: ByteSink, to context: UnsafeMutablePointer<AVFormatContext>) throws(LibavError) {
        let capacity = 1 << 16
        guard let buffer = av_malloc(capacity) else { throw LibavError(code: LibavError.outOfMemory, operation: "allocate a buffer") }
        // Unretained: the muxer keeps the sink, and frees the context before it lets go of it.
        let opaque = Unmanaged.passUnretained(sink).toOpaque()
        let io = reelmill_open_writer(buffer.assumingMemoryBound(to: UInt8.self), Int32(capacity), opaque) { opaque, bytes, count in
            guard let opaque, let bytes else { return LibavError.invalidArgument }
            Unmanaged<ByteSink>.fromOpaque(opaque).takeUnretainedValue().bytes
                .append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
            return count
        }
        guard let io else {
            av_free(buffer)
            throw LibavError(code: LibavError.outOfMemory, operation: "allocate an output")
        }
        context.pointee.pb = io
    }

    private static func free(_ context: UnsafeMutablePointer<AVFormatContext>) {
        var io = context.pointee.pb
        if io != nil { av_freep(&io!.pointee.buffer) }
        avio_context_free(&io)
        context.pointee.pb = nil
        avformat_free_context(context)
    }

    /// Parameter sets in the sample description (Apple 1.10): `avc1`, `hvc1`.
    private static func sampleEntry(_ codec: AVCodecID) -> UInt32 {
        switch codec {
        case AV_CODEC_ID_H264: 0x3163_7661
        case AV_CODEC_ID_HEVC: 0x3163_7668
        case AV_CODEC_ID_AV1: 0x3130_7661
        default: 0
        }
    }

    /// Takes the init segment, complete as soon as the muxer is open.
    package func takeInitSegment() -> [UInt8] {
        avio_flush(context.pointee.pb)
        return take()
    }

    /// Adds a packet to the open fragment. Times in ticks of `timescale`, none presented before it is decoded; libav takes the packet's
    /// bytes over and leaves it empty.
    package func write(_ packet: borrowing Packet) throws(LibavError) {
        packet.pointer.pointee.stream_index = 0
        try check(av_write_frame(context, packet.pointer), "write a fragment")
        packet.clear()
    }

    /// Closes the open fragment and takes its bytes: `moof` and `mdat`, without a `styp`.
    package func takeFragment() throws(LibavError) -> [UInt8] {
        try check(av_write_frame(context, nil), "close a fragment")
        avio_flush(context.pointee.pb)
        return take()
    }

    private func take() -> [UInt8] {
        defer { output.bytes = [] }
        return output.bytes
    }
}
