import Libav
import MediaModel

/// Audio laid on the title's clock: silence where there is none, overlaps cut, as many samples as asked. Silence is made when it is taken,
/// a little at a time, so that a gap of hours costs no memory.
final class AudioTimeline {
    private let buffer: SampleBuffer
    private let sampleRate: Int64
    private let samples: Int64
    /// Where what comes next would lie if nothing were missing.
    private var position: Int64 = 0
    private var isBegun = false
    private var delivered: Int64 = 0
    private var waiting: [Piece] = []

    /// Samples of silence in gaps of less than a second: audio that was lost, or a clock that does not fit.
    private(set) var smallGaps: Int64 = 0
    /// Samples that were cut because others lay there already.
    private(set) var overlaps: Int64 = 0

    private enum Piece {
        case silence(Int64)
        case samples(Held, Range<Int>)
    }

    private final class Held {
        let frame: Frame
        init(_ frame: borrowing Frame) throws(LibavError) { self.frame = try frame.reference() }
    }

    /// Seconds by which times may be off without being followed: the shortest packet that can be lost, and more than clocks jitter.
    private static let tolerance = Rational(1, 50)
    /// The same for the beginning.
    private static let firstTolerance = Rational(1, 1000)

    /// - Parameter samples: of the whole title.
    init(_ format: AudioFormat, samples: Int64) throws(LibavError) {
        self.samples = samples
        sampleRate = Int64(format.sampleRate)
        buffer = try SampleBuffer(
            sampleRate: format.sampleRate, channels: format.channels == 1 ? 1 : 2, sampleFormat: format.codec.sampleFormat)
    }

    /// True when all is there or promised.
    var isFull: Bool { position >= samples }
    /// True when all was taken.
    var isOver: Bool { delivered >= samples }

    /// - Parameter time: of its first sample, in samples from the title's beginning.
    func put(_ frame: borrowing Frame, at time: Int64) throws(LibavError) {
        var first = 0
        let off = time - position
        let tolerance = (Rational(sampleRate) * (isBegun ? Self.tolerance : Self.firstTolerance)).floor
        if off > tolerance {
            if isBegun, off < sampleRate { smallGaps += off }
            promise(silence: off)
        } else if off < -tolerance {
            first = Int(min(-off, Int64(frame.samples)))
            if isBegun { overlaps += Int64(first) }
        }
        let last = Int(min(Int64(frame.samples), Int64(first) + max(0, samples - position)))
        guard first < last else { return }
        isBegun = true
        position += Int64(last - first)
        waiting.append(.samples(try Held(frame), first..<last))
    }

    /// No more follow: silence to the end.
    func finish() { promise(silence: samples - position) }

    private func promise(silence count: Int64) {
        let count = min(count, samples - position)
        guard count > 0 else { return }
        position += count
        waiting.append(.silence(count))
    }

    /// Fills `frame` with the next `count` samples, fewer only at the very end.
    /// - Returns: false where so many are not there yet, or all were taken.
    func take(_ count: Int, into frame: borrowing Frame) throws(LibavError) -> Bool {
        let wanted = Int(min(Int64(count), samples - delivered))
        guard wanted > 0 else { return false }
        var done = 0
        while buffer.count < wanted, done < waiting.count {
            switch waiting[done] {
            case .silence(let silence):
                let written = try buffer.writeSilence(min(silence, Int64(wanted - buffer.count)))
                waiting[done] = .silence(silence - Int64(written))
                if silence == Int64(written) { done += 1 }
            case .samples(let held, let range):
                try buffer.write(held.frame, range)
                done += 1
            }
        }
        waiting.removeFirst(done)
        guard buffer.count >= wanted else { return false }
        try buffer.read(wanted, into: frame)
        delivered += Int64(wanted)
        return true
    }
}
