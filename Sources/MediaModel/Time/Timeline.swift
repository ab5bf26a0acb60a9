/// The output's clock: constant frames, counted from the title's first one. Everything that has to line up is a whole number of frames.
package struct Grid: Hashable, Sendable, Codable {
    /// Frames per second of the fastest rendition. A title without a picture uses 25, as a ruler only.
    package var frameRate: Rational
    /// Output frames of the whole title at `frameRate`.
    package var frames: Int
    /// Frames from one IDR frame to the next.
    package var gopFrames: Int
    /// Frames of every segment but the last; a multiple of `gopFrames`.
    package var segmentFrames: Int
    /// The first segment (from 0) of each chunk; the first is 0. A chunk is a run of whole segments, the unit of encoding work.
    package var chunkStarts: [Int]

    package init(frameRate: Rational, frames: Int, gopFrames: Int, segmentFrames: Int, chunkStarts: [Int]) {
        self.frameRate = frameRate
        self.frames = frames
        self.gopFrames = gopFrames
        self.segmentFrames = segmentFrames
        self.chunkStarts = chunkStarts
    }

    /// Ticks per second of every video track: one frame is a whole number of them.
    package var timescale: Int64 { frameRate.denominator == 1 ? frameRate.numerator * 1000 : frameRate.numerator }
    /// Ticks of one frame at `frameRate`.
    package var frameTicks: Int64 { frameRate.denominator == 1 ? 1000 : frameRate.denominator }
    /// Ticks of a track's clock by which video that may be reordered, and the audio beside it, is composed later than it is presented. An
    /// edit list in each init segment takes them back, so that players begin both at 0; one that knows no edit lists (VLC 3) shows both
    /// late by the same time, and in step. A tenth of a second is as deep as encoders reorder frames at 20 a second and above. Slower
    /// titles have two frames, up to a quarter of a second: by more, hls.js takes one audio segment for the one before it.
    ///
    /// - Parameter timescale: ticks per second of the track.
    package func compositionDelay(timescale: Int64) -> Int64 {
        let wanted = max(Rational(1, 10), min(Rational(2) / frameRate, Rational(1, 4)))
        // Whole ticks of the video, so that audio is not rounded to another time.
        let ticks = (wanted * Rational(self.timescale)).ceiling
        return (Rational(ticks, self.timescale) * Rational(timescale)).rounded
    }
    /// The whole title, in seconds.
    package var duration: Rational { Rational(Int64(frames)) / frameRate }
    /// A rest shorter than half a second is part of the last whole segment, which may be that much longer than the target (Apple 7.5):
    /// a file of a frame or two is a request for nothing, and its composition offsets differ from all others'.
    package var segmentCount: Int {
        let (whole, rest) = frames.quotientAndRemainder(dividingBy: segmentFrames)
        return rest == 0 || (whole > 0 && Rational(Int64(2 * rest)) < frameRate) ? whole : whole + 1
    }
    package var chunkCount: Int { chunkStarts.count }

    /// The output frames of segment `number`, counted from 0.
    package func frames(ofSegment number: Int) -> Range<Int> {
        number * segmentFrames..<(number + 1 < segmentCount ? (number + 1) * segmentFrames : frames)
    }

    /// The segments of chunk `number`, counted from 0.
    package func segments(ofChunk number: Int) -> Range<Int> {
        chunkStarts[number]..<(number + 1 < chunkStarts.count ? chunkStarts[number + 1] : segmentCount)
    }

    /// The output frames of chunk `number`, counted from 0.
    package func frames(ofChunk number: Int) -> Range<Int> {
        let segments = segments(ofChunk: number)
        return segments.lowerBound * segmentFrames..<(segments.upperBound < segmentCount ? segments.upperBound * segmentFrames : frames)
    }

    /// When output frame `number` begins, in seconds from the title's start.
    package func time(ofFrame number: Int) -> Rational { Rational(Int64(number)) / frameRate }
}
