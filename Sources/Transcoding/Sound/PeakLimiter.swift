import Libav

/// Turns a mix-down up or down and keeps its peaks below full scale: it looks ahead, so that the gain has come down before a peak arrives,
/// and lets it go up again slowly. What needs no limiting passes with the gain alone, and without delay in its times.
final class PeakLimiter {
    /// One decibel below full scale: room for what a lossy encoder adds to a peak.
    static let ceiling: Float = 0.891_25

    private let gain: Float
    /// Samples that it looks ahead.
    private let reach: Int
    /// How much of the way back to full gain one sample goes.
    private let release: Double
    private var waiting: [Held] = []
    /// Gains that the samples seen last may have at most, each with its number: ascending, the least of the last `reach` at the front.
    private var least: [(number: Int, gain: Double)] = []
    private var front = 0
    private var seen = 0
    private var current = 1.0
    /// The last `reach + 1` values of `current`, in a ring, and their sum.
    private var window: [Double]
    private var sum: Double
    /// Values of the window that are below 1.
    private var lowered = 0
    private var gains: [Float] = []

    private final class Held {
        let frame: Frame
        init(_ frame: borrowing Frame) throws(LibavError) { self.frame = try frame.reference() }
    }

    /// - Parameter decibels: added to all of it.
    init(sampleRate: Int, decibels: Double) {
        gain = Float(PeakLimiter.factor(decibels))
        reach = sampleRate / 200
        release = 1 - PeakLimiter.factor(-8.7 / (0.1 * Double(sampleRate)))
        window = [Double](repeating: 1, count: reach + 1)
        sum = Double(reach + 1)
    }

    /// 10 to the power of a twentieth, without the C library's rounding, which differs between versions.
    private static func factor(_ decibels: Double) -> Double {
        let exponent = decibels * 0.115_129_254_649_702_28
        // The series of e^(x/1024), squared ten times.
        let x = exponent / 1024
        var value = 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4)))
        for _ in 0..<10 { value *= value }
        return value
    }

    /// Takes a frame of `flt` or `fltp`, of which it keeps a reference.
    func push(_ frame: borrowing Frame) throws(LibavError) {
        waiting.append(try Held(frame))
        for peak in frame.peaks { see(peak * gain) }
    }

    /// No more follow: what waits can be pulled.
    func finish() {
        for _ in 0..<reach { see(0) }
    }

    /// Calls `body` with the next frame whose samples all are known well enough.
    /// - Returns: false where there is none.
    func pull(_ body: (borrowing Frame) throws(LibavError) -> Void) throws(LibavError) -> Bool {
        guard let held = waiting.first, gains.count >= held.frame.samples else { return false }
        waiting.removeFirst()
        let own = Array(gains.prefix(held.frame.samples))
        gains.removeFirst(held.frame.samples)
        if own.contains(where: { $0 != 1 }) { try held.frame.scale(by: own) }
        try body(held.frame)
        return true
    }

    private func see(_ peak: Float) {
        let allowed = peak > Self.ceiling ? Double(Self.ceiling / peak) : 1
        while least.count > front, let last = least.last, last.gain >= allowed { least.removeLast() }
        least.append((seen, allowed))
        while least[front].number < seen - reach { front += 1 }
        if front > 4096 {
            least.removeFirst(front)
            front = 0
        }
        current = min(least[front].gain, current + (1 - current) * release)
        if current > 0.9999 { current = min(1, least[front].gain) }
        let place = seen % window.count
        if window[place] < 1 { lowered -= 1 }
        sum += current - window[place]
        window[place] = current
        if current < 1 { lowered += 1 }
        // Sums of fractions drift; where all are 1 they begin anew.
        if lowered == 0 { sum = Double(window.count) }
        seen += 1
        if seen > reach { gains.append(lowered == 0 ? gain : gain * Float(sum / Double(window.count))) }
    }
}
