import Glibc
package import MediaModel

/// SVT-AV1 treats its cap as a wish: grain at small sizes went half over it. A chunk that does is encoded again, coarser, until it fits, so
/// that a declared cap is kept whatever the encoder thinks of it. What is tried follows from the chunk's bytes alone.
package enum SoftCap {
    /// A segment's share over the cap that the packager's rule surely lets pass.
    private static let tolerance = 1.05
    /// Beyond it the title fails in the packager, with figures.
    package static let attempts = 5

    /// How much coarser the chunk must be encoded.
    /// - Parameters:
    ///   - record: of one chunk as encoded with `coarser`.
    /// - Returns: the new offset to the constant rate factor; nil where the cap is kept, or is not this encoder's weakness.
    package static func coarser(than coarser: Int, record: MediaRecord, rung: Rung) -> Int? {
        guard rung.codec == .av1 else { return nil }
        let excess =
            record.segments.map { segment in
                let seconds = Rational(segment.duration, record.timescale).approximate
                return Double(segment.bytes * 8) / (Double(rung.rateControl.cap.maxRate) * max(seconds, 0.1))
            }.max() ?? 0
        guard excess > tolerance else { return nil }
        // On SVT-AV1's scale of 63 some 8 steps halve the bits.
        return coarser + max(2, Int((8 * log2(excess)).rounded(.up)))
    }
}
