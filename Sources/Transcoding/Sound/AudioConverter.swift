import Libav
import MediaModel

/// From what a decoder gives to the format asked for: resampled, and mixed down where there are more channels.
///
/// The mix-down has the coefficients of ITU-R BS.775: the front as it is, centre and surround 3 dB down on their sides, no LFE. Such a sum
/// can go over full scale, where it is limited; a title's `mixdown_gain` makes it quieter or louder.
final class AudioConverter {
    private let graph: FilterGraph
    private let limiter: PeakLimiter?
    private let converted: Frame

    /// - Parameters:
    ///   - channels: of what comes in.
    ///   - mixdownGain: decibels, for what is mixed down.
    init(_ shape: SampleShape, channels: Int, to format: AudioFormat, mixdownGain: Rational) throws(LibavError) {
        let isMixedDown = channels > 2 && channels > format.channels
        // A sum of two never goes over full scale, nor does what is scaled by the sum of all its parts.
        let mixing = isMixedDown ? "rematrix_maxval=1000:internal_sample_fmt=fltp" : "rematrix_maxval=1.0"
        let layout = format.channels == 1 ? "mono" : "stereo"
        graph = try FilterGraph(
            "aresample=\(mixing),aformat=sample_rates=\(format.sampleRate):channel_layouts=\(layout):sample_fmts=\(format.codec.sampleFormat)",
            input: .audio(
                sampleRate: shape.sampleRate, sampleFormat: shape.sampleFormat, layout: shape.layout,
                timeBase: Rational(1, Int64(shape.sampleRate))))
        limiter = isMixedDown ? PeakLimiter(sampleRate: format.sampleRate, decibels: mixdownGain.approximate) : nil
        converted = try Frame()
    }

    /// - Parameter body: is lent every frame that comes out; its time in samples of the format asked for.
    func convert(_ frame: borrowing Frame, _ body: (borrowing Frame) throws(LibavError) -> Void) throws(LibavError) {
        try graph.push(frame)
        try passOn(body)
    }

    /// No more follow: hands out what is still inside.
    func finish(_ body: (borrowing Frame) throws(LibavError) -> Void) throws(LibavError) {
        try graph.finish()
        try passOn(body)
        guard let limiter else { return }
        limiter.finish()
        while try limiter.pull(body) {}
    }

    private func passOn(_ body: (borrowing Frame) throws(LibavError) -> Void) throws(LibavError) {
        while try graph.pull(into: converted) {
            guard let limiter else {
                try body(converted)
                continue
            }
            try limiter.push(converted)
            while try limiter.pull(body) {}
        }
    }
}

extension AudioCodec {
    /// What its encoder takes, by libavutil's name.
    var sampleFormat: String {
        switch self {
        case .aac: "fltp"
        case .opus: "flt"
        }
    }
}
