import MediaModel

/// How well times stand on the grid of a rate, by following its phase from picture to picture. In doubles: a thousandth of a frame is some
/// 10^10 times coarser than what they lose here.
struct RateFit {
    struct Fit {
        var rate: Rational
        /// Parts of the pictures that stand on a tick, that share one with the picture before, and of the ticks that have a picture.
        var onGrid: Double
        var shared: Double
        var fill: Double
        /// In frames: how far pictures stray from a clock that runs at just this rate.
        var drift: Double
        /// One tick of the source's clock, in frames.
        var tick: Double
        /// The pictures' average rate is this one, but for what jitter of the first and the last can make.
        var isAverage: Bool

        /// Most pictures stand on its grid, each on a tick of its own.
        var isFollowed: Bool { onGrid >= 0.9 && shared <= 0.01 }
        /// The clock runs at this very rate: half a frame is what a coarse clock and jitter may amount to, and more where every tick has
        /// its one picture all the same.
        var isExact: Bool {
            (isFollowed && drift < max(0.5, min(2 * tick, 0.9))) || (isAverage && shared <= 0.01 && fill >= 0.95 && drift < 0.95)
        }
    }

    private let times: [Int64]
    private let timeBase: Rational
    /// A picture stands on a tick when it is nearer than this, in frames.
    private static let nearness = 0.25
    /// How much of a picture's distance the grid is moved by: it follows slow drift, not jitter.
    private static let pull = 1.0 / 16

    /// - Parameter times: in ticks, ascending, the last later than the first by less than 2^60.
    init(times: [Int64], timeBase: Rational) {
        self.times = times
        self.timeBase = timeBase
    }

    func fit(_ rate: Rational) -> Fit {
        let tick = (rate * timeBase).approximate
        let first = Double(times[0])
        var (phase, jumped, slot) = (0.0, 0.0, 0.0)
        var (onGrid, shared) = (1, 0)
        var strays: [Double] = [0]
        strays.reserveCapacity(times.count)
        for time in times.dropFirst() {
            let place = (Double(time) - first) * tick
            let next = (place - phase).rounded()
            let distance = place - phase - next
            if next <= slot { shared += 1 }
            if abs(distance) <= Self.nearness {
                onGrid += 1
                phase += distance * Self.pull
            } else if next > slot + 1 {
                // After a gap the clock may go on anywhere: a recording that was paused.
                phase += distance
                jumped += distance
            } else {
                phase += distance * Self.pull
            }
            slot = max(slot, next)
            strays.append(place - next - jumped)
        }
        // One picture in a hundred may be anywhere; of those that are all near it matters not.
        let few = (strays.max() ?? 0) - (strays.min() ?? 0) < Self.nearness ? 0 : strays.count / 100
        if few > 0 { strays.sort() }
        let steps = Double(times.count - 1)
        let pace = (Double(times[times.count - 1]) - first) * tick / steps
        return Fit(
            rate: rate, onGrid: Double(onGrid) / Double(times.count), shared: Double(shared) / Double(times.count),
            fill: Double(times.count) / (slot + 1),
            drift: few > 0 ? strays[strays.count - 1 - few] - strays[few] : (strays.max() ?? 0) - (strays.min() ?? 0), tick: tick,
            isAverage: abs(pace - 1) < max(0.005, 0.45 / steps))
    }

    /// The rate of the intervals that most pictures have: the median and what is near it, then over the whole length.
    var measured: Rational {
        let intervals = zip(times, times.dropFirst()).map { $1 - $0 }.sorted()
        let median = intervals[intervals.count / 2]
        let near = intervals.filter { abs($0 - median) <= max(2, median / 10) }
        let sum = near.reduce(0, +)
        guard sum > 0 else { return .zero }
        let local = Double(near.count) / (Double(sum) * timeBase.approximate)
        // Slots from picture to picture, so that dropped ones count.
        let length = Double(times[times.count - 1] - times[0])
        var slots = 0.0
        for (time, next) in zip(times, times.dropFirst()) {
            slots += max(1, (Double(next - time) * timeBase.approximate * local).rounded())
        }
        guard slots >= 1, slots < 1e15, length > 0 else { return .zero }
        return simplest(near: Rational(Int64(slots)) / (Rational(times[times.count - 1] - times[0]) * timeBase))
    }

    /// The simplest fraction that leads from the first picture to the last within half a tick.
    func simplest(near rate: Rational) -> Rational {
        let ticks = Rational(2 * max(1, times[times.count - 1] - times[0]))
        return Rational.simplest(between: rate * ticks / (ticks + .one), and: rate * ticks / (ticks - .one))
    }
}
