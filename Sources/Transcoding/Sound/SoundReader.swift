import Libav
import MediaModel

/// A sound track on the title's clock: resampled, mixed down, gaps filled with silence, exactly as many samples as asked.
final class SoundReader {
    private let path: String
    private let stream: Int
    private let format: AudioFormat
    private let origin: Rational
    private let samples: Int64
    private let demuxer: Demuxer
    private let decoder: Decoder
    private let timeBase: Rational
    private let packet: Packet
    private let decoded: Frame
    private var graph: FilterGraph?
    private var shape: SampleShape?
    private var isFinished = false
    private var delivered: Int64 = 0
    /// Where the next decoded sample is expected on the source's clock, for packets without a time.
    private var expected: Rational?
    private(set) var damage: [String] = []

    /// - Parameters:
    ///   - origin: source time that becomes 0, in seconds.
    ///   - samples: how many at the format's rate.
    init(path: String, stream: Int, format: AudioFormat, origin: Rational, samples: Int64) throws(TranscodingError) {
        self.path = path
        self.stream = stream
        self.format = format
        self.origin = origin
        self.samples = samples
        do throws(LibavError) {
            demuxer = try Demuxer(path: path)
            demuxer.select([stream])
            decoder = try demuxer.decoder(forStream: stream)
            timeBase = demuxer.streams[stream].timeBase
            packet = try Packet()
            decoded = try Frame()
            Log.beginCollecting()
        } catch {
            throw TranscodingError(.unreadable, "decode the sound of '\(path)'", "", underlying: error)
        }
    }

    /// Fills `frame` with the next `samples` samples, fewer only at the very end.
    /// - Returns: false when all were given.
    func next(samples count: Int, into frame: borrowing Frame) throws(TranscodingError) -> Bool {
        guard delivered < samples else { return false }
        do throws(LibavError) {
            while true {
                if let graph, try graph.pull(samples: count, into: frame) {
                    frame.dropMetadata()
                    delivered += Int64(frame.samples)
                    return true
                }
                if isFinished { return false }
                try feed()
            }
        } catch {
            throw TranscodingError(.damaged, "decode the sound of '\(path)'", "", underlying: error)
        }
    }

    private func feed() throws(LibavError) {
        do throws(LibavError) {
            if try decoder.receive(into: decoded) {
                for line in Log.drain() where line.isError { note(line.text) }
                return try take()
            }
        } catch { note(error.description) }
        var more = false
        do throws(LibavError) { more = try demuxer.read(into: packet) } catch { note(error.description) }
        if more {
            do throws(LibavError) { try decoder.send(packet) } catch { note(error.description) }
            return
        }
        // What the decoder still holds, then the chain's padding.
        do throws(LibavError) {
            try decoder.finish()
            while try decoder.receive(into: decoded) { try take() }
        } catch { note(error.description) }
        if graph == nil { try makeGraph(.silence(sampleRate: format.sampleRate)) }
        try graph?.finish()
        isFinished = true
    }

    private func take() throws(LibavError) {
        let shape = decoded.sampleShape
        guard !shape.layout.isEmpty, shape.sampleRate > 0 else { return }
        // A layout that changes in mid-stream (stereo adverts in a 5.1 film) would need a new chain; the old one's tail must not be lost.
        if graph == nil { try makeGraph(shape) }
        let stated = decoded.presentation ?? decoded.bestEffortPresentation
        let time = stated.map { Rational($0) * timeBase } ?? expected ?? origin
        expected = time + Rational(Int64(decoded.samples), Int64(shape.sampleRate))
        decoded.presentation = ((time - origin) * Rational(Int64(self.shape?.sampleRate ?? shape.sampleRate))).rounded
        try graph?.push(decoded)
    }

    private func makeGraph(_ shape: SampleShape) throws(LibavError) {
        self.shape = shape
        let layout = format.channels == 1 ? "mono" : "stereo"
        let sampleFormat = format.codec == .aac ? "fltp" : "flt"
        // `async=1` fills gaps and trims overlaps by the frames' times, `first_pts=0` the start; the mix-down keeps every sum below full
        // scale (ITU-R BS.775: centre and surround at -3 dB, no LFE).
        let chain = [
            "aresample=async=1:first_pts=0:rematrix_maxval=1.0",
            "aformat=sample_rates=\(format.sampleRate):channel_layouts=\(layout):sample_fmts=\(sampleFormat)",
            "apad=whole_len=\(samples)", "atrim=end_sample=\(samples)",
        ]
        graph = try FilterGraph(
            chain.joined(separator: ","),
            input: .audio(
                sampleRate: shape.sampleRate, sampleFormat: shape.sampleFormat, layout: shape.layout,
                timeBase: Rational(1, Int64(shape.sampleRate))))
    }

    private func note(_ text: String) {
        if damage.count < 5 && !damage.contains(text) { damage.append(text) }
    }
}
