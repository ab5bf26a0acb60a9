extension SourceInfo {
    /// The first number that no film and no recording has, in words; nil where all are plausible. What passes here is small enough for
    /// every time, rate and size that is worked out from it.
    package var implausibleFact: String? {
        if let video, let fault = video.implausibleFact { return "its picture \(fault)" }
        for track in audio {
            if let fault = track.implausibleFact { return "its audio stream \(track.stream) \(fault)" }
        }
        if let declaredDuration, !(Rational.zero...Plausible.length).contains(declaredDuration) {
            return "it declares \(declaredDuration) s"
        }
        return nil
    }
}

/// Bounds of what is taken for a fact.
private enum Plausible {
    /// Seconds: some recorders count from the year 0.
    static let time = Rational(-100_000_000_000)...Rational(100_000_000_000)
    /// Seconds: a hundred days.
    static let length = Rational(8_640_000)
    /// Frames per second: a frame an hour to the fastest camera.
    static let rate = Rational(1, 3600)...Rational(1000)
    static let side = 1...65_536
    static let ratio = Rational(1, 10_000)...Rational(10_000)
    static let sampleRate = 1...10_000_000
    static let channels = 1...1024

    static func fault(start: Rational, end: Rational) -> String? {
        for moment in [start, end] where !time.contains(moment) { return "says that something happens at \(moment) s" }
        return end - start > length ? "lasts from \(start) s to \(end) s" : nil
    }
}

extension VideoTrackInfo {
    fileprivate var implausibleFact: String? {
        if let fault = Plausible.fault(start: start, end: end) ?? Plausible.fault(start: start, end: lastStart) { return fault }
        for rate in [frameRate, averageFrameRate] where !Plausible.rate.contains(rate) { return "has \(rate) frames a second" }
        guard Plausible.side.contains(width), Plausible.side.contains(height) else { return "is \(width)x\(height) pixels large" }
        return Plausible.ratio.contains(sampleAspectRatio) ? nil : "has pixels of the shape \(sampleAspectRatio)"
    }
}

extension AudioTrackInfo {
    fileprivate var implausibleFact: String? {
        if let fault = Plausible.fault(start: start, end: end) { return fault }
        guard Plausible.sampleRate.contains(sampleRate) else { return "has \(sampleRate) samples a second" }
        return Plausible.channels.contains(channels) ? nil : "has \(channels) channels"
    }
}
