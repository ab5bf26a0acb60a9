/// How a decoder's buffer fared over a whole rendition, all chunks joined: filled at the rung's `maxRate` up to its `bufferSize`, begun
/// half full, emptied by every frame at its decode time. A chunk's encoder knows only its own buffer; this is what a player's sees.
package struct RateBufferReport: Hashable, Sendable, Codable {
    /// Bits.
    package var size: Int
    /// Bits in it when it was emptiest; below 0 by what was missing.
    package var lowestFullness: Int
    /// Frames that were not there in time.
    package var underflows: Int
    /// The largest bit rate of coded frames, without container, over any run of segments that lasts 0.5 to 1.5 target durations.
    package var peakRate: Int

    package init(size: Int, lowestFullness: Int, underflows: Int, peakRate: Int) {
        self.size = size
        self.lowestFullness = lowestFullness
        self.underflows = underflows
        self.peakRate = peakRate
    }
}
