import Libav
import MediaModel

/// How long a file says that the tracks in use last. What other tracks need, and numbers that mean "unknown", do not count.
struct DeclaredLength {
    private let demuxer: Demuxer
    private let used: [MediaStream]

    init(_ demuxer: Demuxer, used: Set<Int>) {
        self.demuxer = demuxer
        self.used = demuxer.streams.filter { used.contains($0.index) }
    }

    /// Seconds; nil where nobody says.
    /// - Parameter held: seconds that the tracks in use hold.
    func seconds(held: Rational) -> Rational? {
        let container = demuxer.duration.flatMap { Self.plausible($0, held: held) }
        let lengths = used.map { stream in
            Self.known(stream).flatMap { Self.plausible($0, held: held) }
        }
        let known = lengths.compactMap { $0 }
        // Where each track says how long it is, the container's word is about tracks that are not used.
        if known.count == lengths.count, let longest = known.max() { return container == nil ? nil : longest }
        return container
    }

    /// True where the container alone speaks, for all its tracks at once.
    var isOfContainer: Bool { used.contains { Self.known($0) == nil } }

    private static func known(_ stream: MediaStream) -> Rational? {
        if let text = stream.statedDuration, let stated = clock(text) { return stated }
        guard let ticks = stream.duration, ticks > 0, !isAllOnes(ticks) else { return nil }
        return Rational(ticks) * stream.timeBase
    }

    /// `00:00:06.037000000`.
    private static func clock(_ text: String) -> Rational? {
        let parts = text.split(separator: ":")
        guard parts.count == 3, let hours = Int64(parts[0]), let minutes = Int64(parts[1]), let seconds = Double(parts[2]),
            seconds.isFinite, 0..<60 ~= seconds, 0..<60 ~= minutes, 0..<100_000 ~= hours
        else { return nil }
        return Rational(hours * 3600 + minutes * 60) + Rational(Int64(seconds * 1_000_000), 1_000_000)
    }

    /// All bits set, with or without the sign: ISO/IEC 14496-12 writes an unknown duration so, in 32 or 64 bits.
    private static func isAllOnes(_ ticks: Int64) -> Bool {
        [0xFFFF_FFFF, 0x7FFF_FFFF].contains(ticks) || ticks >= 1 << 53
    }

    /// nil for what cannot be meant: the container's unknown duration on whatever clock it counts by, and lengths beyond all measure.
    private static func plausible(_ seconds: Rational, held: Rational) -> Rational? {
        guard seconds > .zero else { return nil }
        let value = seconds.approximate
        // A hundred days, and a hundred times what is there.
        if value > 8_640_000, value > 100 * held.approximate { return nil }
        for ones in [Double(UInt32.max), Double(Int32.max)] {
            let clock = ones / value
            // A duration in microseconds tells the clock to a millionth of its value.
            if value > 3600, abs(clock - clock.rounded()) < clock * 1e-6 / value + 1e-6 { return nil }
        }
        return seconds
    }
}
