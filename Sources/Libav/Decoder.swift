import CFFmpeg

/// Turns packets into frames. Owns the codec's context; frames it fills belong to the caller and outlive it.
package final class Decoder {
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let operation: String

    convenience init(stream: UnsafeMutablePointer<AVStream>, operation: String, threads: Int) throws(LibavError) {
        try self.init(
            parameters: try allocated(stream.pointee.codecpar, "a codec's parameters"), timeBase: stream.pointee.time_base,
            operation: operation, threads: threads)
    }

    private init(
        parameters: UnsafeMutablePointer<AVCodecParameters>, timeBase: AVRational, operation: String, threads: Int
    ) throws(LibavError) {
        self.operation = operation
        guard let codec = avcodec_find_decoder(parameters.pointee.codec_id) else {
            let name = String(cString: avcodec_get_name(parameters.pointee.codec_id))
            throw LibavError(
                code: LibavError.invalidData, operation: operation, detail: "this FFmpeg has no decoder for '\(name)'", log: "")
        }
        let context = try allocated(avcodec_alloc_context3(codec), "a decoder")
        self.context = context
        // All is set: from here on `deinit` frees, thrown or not.
        try check(avcodec_parameters_to_context(context, parameters), operation)
        context.pointee.pkt_timebase = timeBase
        context.pointee.thread_count = Int32(threads)
        try check(avcodec_open2(context, codec, nil), operation)
    }

    /// Of what an opened encoder with a global header makes, by its parameter sets.
    convenience init(of encoder: UnsafeMutablePointer<AVCodecContext>, operation: String) throws(LibavError) {
        var parameters = avcodec_parameters_alloc()
        defer { avcodec_parameters_free(&parameters) }
        let known = try allocated(parameters, "a codec's parameters")
        try check(avcodec_parameters_from_context(known, encoder), operation)
        try self.init(parameters: known, timeBase: encoder.pointee.time_base, operation: operation, threads: 1)
    }

    deinit {
        var freeing: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&freeing)
    }

    /// Hands one packet over; the decoder keeps its own reference.
    /// - Throws: what the packet's damage makes the decoder say; decoding may go on.
    package func send(_ packet: borrowing Packet) throws(LibavError) {
        Log.clear()
        try check(avcodec_send_packet(context, packet.pointer), operation)
    }

    /// Says that no packet follows; frames still inside come out of `receive`.
    package func finish() throws(LibavError) {
        let code = avcodec_send_packet(context, nil)
        if code != LibavError.endOfFile { try check(code, operation) }
    }

    /// Fills `frame` with the next decoded one.
    /// - Returns: false when it needs another packet, or has no more.
    package func receive(into frame: borrowing Frame) throws(LibavError) -> Bool {
        let code = avcodec_receive_frame(context, frame.pointer)
        if code == LibavError.again || code == LibavError.endOfFile { return false }
        try check(code, operation)
        return true
    }

    /// Forgets everything, as after a seek.
    package func flush() { avcodec_flush_buffers(context) }

    /// Frames that the decoder may hold back before the first comes out.
    package var delay: Int { Int(context.pointee.has_b_frames) }
}
