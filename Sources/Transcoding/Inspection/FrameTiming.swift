package import MediaModel

/// What the packets' times say about the frame rate: a pure function of the index.
package struct FrameTiming: Hashable, Sendable {
    /// Where most pictures stand on the grid of a rate: that rate, exactly. Else the lowest standard rate that shows all but a few.
    package var frameRate: Rational
    /// Most ticks of `frameRate` have a picture.
    package var isConstant: Bool
    package var averageFrameRate: Rational
    package var frames: Int
    /// Seconds on the source's clock.
    package var start: Rational
    /// When the last picture begins.
    package var lastStart: Rational
    package var end: Rational
    package var access: VideoAccess

    /// - Parameters:
    ///   - index: with every presentation time that could be inferred.
    ///   - nominal: the rate that the container states, for what has no times.
    ///   - lastDuration: ticks that the last picture is declared to last, 0 where unknown.
    package init(index: FrameIndex, nominal: Rational, lastDuration: Int64) {
        let shown = index.packets.filter(\.isShown)
        let times = shown.compactMap(\.presentation).sorted()
        guard times.count == shown.count, let first = times.first, let last = times.last else {
            self = FrameTiming(unclocked: shown.count, nominal: nominal)
            return
        }
        let measured = FrameRateEstimate(times: times, timeBase: index.timeBase, nominal: nominal)
        frameRate = measured.rate
        isConstant = measured.isConstant
        frames = times.count
        start = Rational(first) * index.timeBase
        lastStart = Rational(last) * index.timeBase
        // Files end with 0, or with the rest of another track: no picture is shorter than a frame.
        end = lastStart + max(Rational(lastDuration) * index.timeBase, frameRate.reciprocal)
        let counted = lastStart - start + min(end - lastStart, frameRate.reciprocal)
        averageFrameRate = counted > .zero ? Rational(Int64(frames)) / counted : frameRate
        access = FrameTiming.canBeSought(index) ? .seekable : .sequential
    }

    /// There is no time at all: frames numbered from 0, at the rate that the container states.
    private init(unclocked frames: Int, nominal: Rational) {
        // Not rounded up to a standard rate: that would play the picture faster than its sound.
        let rate = FrameRateEstimate.plausible ~= nominal ? FrameRateEstimate.nearest(to: nominal) ?? nominal : Rational(25)
        frameRate = rate
        isConstant = true
        averageFrameRate = rate
        self.frames = frames
        start = .zero
        end = Rational(Int64(frames)) / rate
        lastStart = end - (frames > 0 ? rate.reciprocal : .zero)
        access = .numbered
    }

    /// Times that jump back, stand still or contradict the decoding order make a seek land anywhere.
    private static func canBeSought(_ index: FrameIndex) -> Bool {
        var previous: Int64?
        for packet in index.packets {
            guard let presentation = packet.presentation, !packet.isInferred else { return false }
            // Matroska stores no decoding times; libavformat works them out, but for the first few.
            guard let decoding = packet.decoding else { continue }
            if let previous, decoding < previous { return false }
            if presentation < decoding && !packet.isDiscarded { return false }
            previous = decoding
        }
        let times = index.packets.filter { !$0.isDiscarded }.compactMap(\.presentation).sorted()
        return zip(times, times.dropFirst()).allSatisfy { $0 < $1 } && index.packets.contains { $0.isKey }
    }
}
