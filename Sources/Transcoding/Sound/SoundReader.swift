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
    private let converted: Frame
    /// From what the decoder gives now to the format asked for; another one where the source's layout changes.
    private var converter: FilterGraph?
    private var shape: SampleShape?
    /// In the format asked for, on the title's clock.
    private var timeline: FilterGraph?
    private var isFinished = false
    private var delivered: Int64 = 0
    /// Where the next decoded sample is expected on the source's clock, for packets without a time.
    private var expected: Rational?
    private var tally: DamageTally
    /// When the packet begins that the decoder has in work; nil where nobody knows.
    private var inWork: Rational?
    /// When the first packet begins, and whether any sample came out yet.
    private var begin: Rational?
    private var hasSamples = false
    /// What was said of the packet in work: damage as soon as another one follows. A recording may be cut within its last packet.
    private var held: String?

    /// Seconds at the beginning that may not decode: a cut leaves the first packet without what it refers to.
    private static let edge = Rational(1, 10)

    /// What harmed the sound, in words; empty where all of it was whole.
    var damage: [String] { tally.lines }

    /// - Parameters:
    ///   - origin: source time that becomes 0, in seconds.
    ///   - samples: how many at the format's rate.
    init(path: String, stream: Int, format: AudioFormat, origin: Rational, samples: Int64) throws(TranscodingError) {
        self.path = path
        self.stream = stream
        self.format = format
        self.origin = origin
        self.samples = samples
        tally = DamageTally(stream: stream, unit: "packets of sound", zero: origin)
        do throws(LibavError) {
            demuxer = try Demuxer(path: path)
            demuxer.select([stream])
            decoder = try demuxer.decoder(forStream: stream)
            timeBase = demuxer.streams[stream].timeBase
            packet = try Packet()
            decoded = try Frame()
            converted = try Frame()
            Log.beginCollecting()
        } catch {
            throw TranscodingError(.unreadable, "decode the sound of '\(path)'", "", underlying: error)
        }
    }

    /// Fills `frame` with the next `samples` samples, fewer only at the very end.
    /// - Parameter onProgress: told at every packet; returns false to give up.
    /// - Returns: false when all were given.
    func next(samples count: Int, into frame: borrowing Frame, onProgress: () -> Bool) throws(TranscodingError) -> Bool {
        guard delivered < samples else { return false }
        var wasStopped = false
        do throws(LibavError) {
            while true {
                if let timeline, try timeline.pull(samples: count, into: frame) {
                    frame.dropMetadata()
                    delivered += Int64(frame.samples)
                    return true
                }
                if isFinished { return false }
                wasStopped = !onProgress()
                if wasStopped { break }
                try feed()
            }
        } catch {
            throw TranscodingError(.damaged, "decode the sound of '\(path)'", "", underlying: error)
        }
        throw .stopped("decode the sound of '\(path)'")
    }

    private func feed() throws(LibavError) {
        do throws(LibavError) {
            if try decoder.receive(into: decoded) {
                noteLines()
                hasSamples = true
                return try take()
            }
        } catch { note(error.cause) }
        noteLines()
        var more = false
        do throws(LibavError) { more = try demuxer.read(into: packet) } catch { note(error.cause) }
        let lines = Log.drain()
        if more {
            commit()
            inWork = (packet.presentation ?? packet.decoding).map { Rational($0) * timeBase }
            begin = begin ?? inWork
            // A packet that is only marked corrupt may be whole (a counter that starts anew); one of another length than it says is not.
            if packet.isCorrupt, let line = lines.first(where: { $0.text.contains("size mismatch") }) { note(line.text) }
            do throws(LibavError) { try decoder.send(packet) } catch { note(error.cause) }
            return
        }
        let last = held
        held = nil
        // What the decoder still holds, then the chain's padding.
        do throws(LibavError) {
            try decoder.finish()
            while try decoder.receive(into: decoded) {
                hasSamples = true
                try take()
            }
        } catch { note(error.cause) }
        if !hasSamples, let words = last ?? held { tally.note(words, at: inWork) }
        try endConversion()
        if timeline == nil { try makeTimeline(.silence(sampleRate: format.sampleRate)) }
        try timeline?.finish()
        isFinished = true
    }

    private func take() throws(LibavError) {
        let shape = decoded.sampleShape
        guard !shape.layout.isEmpty, shape.sampleRate > 0 else { return }
        if shape != self.shape {
            // Stereo adverts in a 5.1 film: what the old chain still holds comes first.
            try endConversion()
            try makeConverter(shape)
        }
        let stated = decoded.presentation ?? decoded.bestEffortPresentation
        let time = stated.map { Rational($0) * timeBase } ?? expected ?? origin
        expected = time + Rational(Int64(decoded.samples), Int64(shape.sampleRate))
        decoded.presentation = ((time - origin) * Rational(Int64(shape.sampleRate))).rounded
        try converter?.push(decoded)
        try passOn()
    }

    private func endConversion() throws(LibavError) {
        try converter?.finish()
        try passOn()
        converter = nil
    }

    private func passOn() throws(LibavError) {
        guard let converter else { return }
        while try converter.pull(into: converted) {
            if timeline == nil { try makeTimeline(converted.sampleShape) }
            try timeline?.push(converted)
        }
    }

    private var wanted: String {
        let layout = format.channels == 1 ? "mono" : "stereo"
        return "aformat=sample_rates=\(format.sampleRate):channel_layouts=\(layout):sample_fmts=\(format.codec == .aac ? "fltp" : "flt")"
    }

    private func makeConverter(_ shape: SampleShape) throws(LibavError) {
        self.shape = shape
        // The mix-down keeps every sum below full scale (ITU-R BS.775: centre and surround at -3 dB, no LFE).
        converter = try FilterGraph(
            "aresample=rematrix_maxval=1.0,\(wanted)",
            input: .audio(
                sampleRate: shape.sampleRate, sampleFormat: shape.sampleFormat, layout: shape.layout,
                timeBase: Rational(1, Int64(shape.sampleRate))))
    }

    private func makeTimeline(_ shape: SampleShape) throws(LibavError) {
        // `async=1` fills gaps and trims overlaps by the frames' times, `first_pts=0` the start; from 20 ms on, which is the shortest
        // packet that can be lost and more than clocks jitter.
        let chain = [
            "aresample=async=1:min_hard_comp=0.02:first_pts=0", wanted, "apad=whole_len=\(samples)", "atrim=end_sample=\(samples)",
        ]
        timeline = try FilterGraph(
            chain.joined(separator: ","),
            input: .audio(
                sampleRate: shape.sampleRate, sampleFormat: shape.sampleFormat, layout: shape.layout,
                timeBase: Rational(1, Int64(format.sampleRate))))
    }

    private func noteLines() {
        for line in Log.drain() where line.isError && LibraryComplaint.concernsMedia(line.text) { note(line.text) }
    }

    private func note(_ words: String) { held = held ?? words }

    private func commit() {
        defer { held = nil }
        guard let held else { return }
        if !hasSamples, let begin, let inWork, inWork - begin < Self.edge { return }
        tally.note(held, at: inWork)
    }
}
