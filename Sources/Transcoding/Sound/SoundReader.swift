import Libav
import MediaModel

/// An audio track on the title's clock: resampled, mixed down, gaps filled with silence, exactly as many samples as asked.
final class SoundReader {
    private let path: String
    private let stream: Int
    private let format: AudioFormat
    private let mixdownGain: Rational
    private let origin: Rational
    private let samples: Int64
    private let demuxer: Demuxer
    private let decoder: Decoder
    private let timeBase: Rational
    private let packet: Packet
    private let decoded: Frame
    /// From what the decoder gives now to the format asked for; another one where the source's layout changes.
    private var converter: AudioConverter?
    private var shape: SampleShape?
    /// In the format asked for, on the title's clock.
    private let timeline: AudioTimeline
    private var isFinished = false
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
    var damage: [String] { tally.lines + clockFaults }
    /// A clock that does not fit its samples.
    private var clockFaults: [String] = []
    /// What was mended and is worth a word.
    private(set) var notes: [String] = []

    /// - Parameters:
    ///   - origin: source time that becomes 0, in seconds.
    ///   - samples: how many at the format's rate.
    init(path: String, audio: AudioPlan, origin: Rational, samples: Int64) throws(TranscodingError) {
        self.path = path
        stream = audio.stream
        format = audio.format
        mixdownGain = audio.mixdownGain
        self.origin = origin
        self.samples = samples
        tally = DamageTally(stream: audio.stream, unit: "packets of sound", zero: origin)
        do throws(LibavError) {
            let entrance = try AudioEntrance(path: path, audio: audio, origin: origin)
            (demuxer, decoder, timeBase) = (entrance.demuxer, entrance.decoder, entrance.timeBase)
            timeline = try AudioTimeline(format, samples: samples)
            packet = try Packet()
            decoded = try Frame()
            Log.beginCollecting()
        } catch {
            throw TranscodingError(.unreadable, "decode the sound of '\(path)'", "", underlying: error)
        }
    }

    /// Fills `frame` with the next `samples` samples, fewer only at the very end.
    /// - Parameter onProgress: told at every packet; returns false to give up.
    /// - Returns: false when all were given.
    func next(samples count: Int, into frame: borrowing Frame, onProgress: () -> Bool) throws(TranscodingError) -> Bool {
        guard !timeline.isOver else { return false }
        var wasStopped = false
        do throws(LibavError) {
            while true {
                if try timeline.take(count, into: frame) { return true }
                if isFinished { return false }
                wasStopped = !onProgress()
                if wasStopped { break }
                try timeline.isFull ? finish() : feed()
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
        // What the decoder still holds, then silence.
        do throws(LibavError) {
            try decoder.finish()
            while try decoder.receive(into: decoded) {
                hasSamples = true
                try take()
            }
        } catch { note(error.cause) }
        if !hasSamples, let words = last ?? held { tally.note(words, at: inWork) }
        try endConversion()
        finish()
    }

    private func finish() {
        timeline.finish()
        isFinished = true
        judgeClock()
    }

    private func take() throws(LibavError) {
        let shape = decoded.sampleShape
        guard !shape.layout.isEmpty, shape.sampleRate > 0 else { return }
        if shape != self.shape {
            // Stereo adverts in a 5.1 film: what the old chain still holds comes first.
            try endConversion()
            self.shape = shape
            converter = try AudioConverter(shape, channels: decoded.channels, to: format, mixdownGain: mixdownGain)
        }
        let stated = decoded.presentation ?? decoded.bestEffortPresentation
        let time = stated.map { Rational($0) * timeBase } ?? expected ?? origin
        expected = time + Rational(Int64(decoded.samples), Int64(shape.sampleRate))
        decoded.presentation = ((time - origin) * Rational(Int64(shape.sampleRate))).rounded
        try converter?.convert(decoded) { frame throws(LibavError) in try lay(frame) }
    }

    private func endConversion() throws(LibavError) {
        try converter?.finish { frame throws(LibavError) in try lay(frame) }
        converter = nil
    }

    private func lay(_ frame: borrowing Frame) throws(LibavError) {
        try timeline.put(frame, at: frame.presentation ?? 0)
    }

    /// The samples that were decoded must be about as many as their clock says, or the clock is not theirs.
    private func judgeClock() {
        let rate = Double(format.sampleRate)
        let (cut, filled, length) = (Double(timeline.overlaps) / rate, Double(timeline.smallGaps) / rate, Double(samples) / rate)
        let limit = max(0.25, min(1, length / 100))
        func seconds(_ time: Double) -> String { "\((time * 100).rounded() / 100) s" }
        if cut > limit {
            clockFaults.append("stream \(stream): its audio lasts \(seconds(cut)) longer than its clock says: what overlaps would be cut")
        }
        guard filled > limit else { return }
        let text = "stream \(stream): its audio lasts \(seconds(filled)) less than its clock says: silence fills the gaps"
        if filled > max(1, length / 20) { clockFaults.append(text) } else { notes.append(text) }
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
