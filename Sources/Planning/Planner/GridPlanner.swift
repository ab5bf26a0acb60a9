import MediaModel

/// Lays the title's clock: frames, GOPs, segments, chunks, all in whole frames.
enum GridPlanner {
    static func grid(_ ladder: FittedLadder, stretch: TitleStretch, preset: Preset, facts: TitleFacts) -> Grid {
        let rate = ladder.gridRate
        let length = (stretch.end - stretch.origin) * rate
        // A picture's last frame ends on a tick; a sound's end must not be cut.
        let frames = max(1, Int(facts.source.video == nil ? length.ceiling : length.rounded))
        let unit = ladder.steps.map(ladder.gridDivisor).reduce(1, leastCommonMultiple)
        let gop = nearestMultiple(of: unit, to: preset.gopDuration * rate)
        let segment = nearestMultiple(of: gop, to: preset.segmentDuration * rate)
        var grid = Grid(frameRate: rate, frames: frames, gopFrames: gop, segmentFrames: segment, chunkStarts: [0])
        if facts.source.video != nil {
            let caps = ladder.steps.map(\.rung.rateControl.cap)
            grid.chunkStarts = ChunkPlanner(grid, origin: stretch.origin, preset: preset, caps: caps, entry: EntryCost(facts)).starts()
        }
        return grid
    }

    /// At least one `unit`, so that every rung's frames divide every GOP.
    static func nearestMultiple(of unit: Int, to frames: Rational) -> Int {
        max(1, Int((frames / Rational(Int64(unit))).rounded)) * unit
    }

    private static func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
        var (x, y) = (a, b)
        while y != 0 { (x, y) = (y, x % y) }
        return a / x * b
    }
}
