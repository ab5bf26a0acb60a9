import CFFmpeg

/// Decoded audio on its way from frames of one size to frames of another: first in, first out. Owns copies of the samples.
package final class SampleBuffer {
    private let fifo: OpaquePointer
    private let sampleRate: Int
    private let channels: Int
    private let format: AVSampleFormat
    private let operation = "keep samples"
    private let silence: Frame
    /// Samples of silence that are written at a time.
    private static let step = 4096

    /// - Parameter sampleFormat: libavutil's name of the format, such as `fltp`.
    package init(sampleRate: Int, channels: Int, sampleFormat: String) throws(LibavError) {
        self.sampleRate = sampleRate
        self.channels = channels
        format = av_get_sample_fmt(sampleFormat)
        silence = try Frame()
        try silence.allocateSamples(SampleBuffer.step, format: format, channels: channels, sampleRate: sampleRate)
        av_samples_set_silence(silence.pointer.pointee.extended_data, 0, Int32(SampleBuffer.step), Int32(channels), format)
        guard let fifo = av_audio_fifo_alloc(format, Int32(channels), Int32(SampleBuffer.step)) else {
            throw LibavError(code: LibavError.outOfMemory, operation: operation)
        }
        self.fifo = fifo
    }

    deinit { av_audio_fifo_free(fifo) }

    /// Samples of each channel that wait here.
    package var count: Int { Int(av_audio_fifo_size(fifo)) }

    /// Copies samples of a frame in the buffer's own format.
    /// - Parameter range: within the frame's samples.
    package func write(_ frame: borrowing Frame, _ range: Range<Int>) throws(LibavError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= frame.samples, "samples past the end of a frame")
        guard frame.pointer.pointee.format == format.rawValue, Int(frame.pointer.pointee.ch_layout.nb_channels) == channels else {
            throw LibavError(code: LibavError.invalidArgument, operation: operation, detail: "a frame of another format", log: "")
        }
        let isPlanar = av_sample_fmt_is_planar(format) != 0
        let stride = Int(av_get_bytes_per_sample(format)) * (isPlanar ? 1 : channels)
        var planes: [UnsafeMutableRawPointer?] = (0..<(isPlanar ? channels : 1)).map { plane in
            UnsafeMutableRawPointer(frame.pointer.pointee.extended_data[plane]! + range.lowerBound * stride)
        }
        try check(av_audio_fifo_write(fifo, &planes, Int32(range.count)), operation)
    }

    /// - Returns: samples written: at most `wanted`, and few enough to need no memory to speak of.
    package func writeSilence(_ wanted: Int64) throws(LibavError) -> Int {
        let count = Int(min(wanted, Int64(SampleBuffer.step)))
        if count > 0 { try write(silence, 0..<count) }
        return count
    }

    /// Moves the oldest samples into `frame`, which owns them; what it held before is given back.
    /// - Precondition: so many are there.
    package func read(_ count: Int, into frame: borrowing Frame) throws(LibavError) {
        precondition(count > 0 && count <= self.count, "more samples than there are")
        frame.clear()
        try frame.allocateSamples(count, format: format, channels: channels, sampleRate: sampleRate)
        var planes: [UnsafeMutableRawPointer?] = (0..<(av_sample_fmt_is_planar(format) != 0 ? channels : 1)).map { plane in
            UnsafeMutableRawPointer(frame.pointer.pointee.extended_data[plane]!)
        }
        try check(av_audio_fifo_read(fifo, &planes, Int32(count)), operation)
    }
}

extension Frame {
    fileprivate func allocateSamples(
        _ count: Int, format: AVSampleFormat, channels: Int, sampleRate: Int
    ) throws(LibavError) {
        pointer.pointee.nb_samples = Int32(count)
        pointer.pointee.format = format.rawValue
        pointer.pointee.sample_rate = Int32(sampleRate)
        av_channel_layout_default(&pointer.pointee.ch_layout, Int32(channels))
        try check(av_frame_get_buffer(pointer, 0), "allocate \(count) samples")
    }

    package var channels: Int { Int(pointer.pointee.ch_layout.nb_channels) }

    /// Of each sample the loudest channel, without its sign. Of the formats `flt` and `fltp`; empty for others.
    package var peaks: [Float] {
        var peaks = [Float](repeating: 0, count: samples)
        eachChannel { start, stride in
            for index in peaks.indices { peaks[index] = max(peaks[index], abs(start[index * stride])) }
        }
        return peaks
    }

    /// Multiplies each sample of all channels by its gain. Of the formats `flt` and `fltp`; others stay as they are.
    /// - Precondition: as many gains as samples.
    package func scale(by gains: [Float]) throws(LibavError) {
        precondition(gains.count == samples, "a gain for each sample")
        try check(av_frame_make_writable(pointer), "change samples")
        eachChannel { start, stride in
            for index in gains.indices { start[index * stride] *= gains[index] }
        }
    }

    private func eachChannel(_ body: (_ start: UnsafeMutablePointer<Float>, _ stride: Int) -> Void) {
        let format = AVSampleFormat(pointer.pointee.format)
        guard format == AV_SAMPLE_FMT_FLT || format == AV_SAMPLE_FMT_FLTP else { return }
        let isPlanar = format == AV_SAMPLE_FMT_FLTP
        for channel in 0..<channels {
            guard let plane = pointer.pointee.extended_data[isPlanar ? channel : 0] else { continue }
            let start = UnsafeMutableRawPointer(plane).assumingMemoryBound(to: Float.self)
            body(isPlanar ? start : start + channel, isPlanar ? 1 : channels)
        }
    }
}
