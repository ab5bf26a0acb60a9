/// Every packet of the picture, in the order of the file, from one pass without decoding: the ground that plan, chunks and seeking stand
/// on.
package struct FrameIndex: Hashable, Sendable, Codable {
    /// Seconds of one tick of `presentation` and `decoding`.
    package var timeBase: Rational
    package var packets: [Packet]

    package init(timeBase: Rational, packets: [Packet]) {
        self.timeBase = timeBase
        self.packets = packets
    }

    /// One coded picture (or field). A long film has hundreds of thousands: 32 bytes each, because an optional number would take 16.
    package struct Packet: Hashable, Sendable, Codable {
        private var presentationTicks: Int64
        private var decodingTicks: Int64
        /// Byte position in the file; -1 where unknown.
        package var position: Int64
        package var byteCount: Int32
        package var isKey: Bool
        /// Decoded for others to refer to, never shown (an edit list cut it away, or the codec hides it).
        package var isDiscarded: Bool
        /// The second field of the picture that the packet before it began: no picture of its own.
        package var isSecondField: Bool
        /// The file states no presentation time: `presentation` was worked out from decoding times and order.
        package var isInferred: Bool

        /// Sentinel for no time.
        private static let missing = Int64.min

        package init(
            presentation: Int64?, decoding: Int64?, position: Int64, byteCount: Int32, isKey: Bool, isDiscarded: Bool,
            isSecondField: Bool = false, isInferred: Bool = false
        ) {
            presentationTicks = presentation ?? Self.missing
            decodingTicks = decoding ?? Self.missing
            self.position = position
            self.byteCount = byteCount
            self.isKey = isKey
            self.isDiscarded = isDiscarded
            self.isSecondField = isSecondField
            self.isInferred = isInferred
        }

        /// It makes a picture that is shown.
        package var isShown: Bool { !isDiscarded && !isSecondField }

        /// Presentation time in ticks, stated or inferred; nil in raw streams, which have no time at all.
        package var presentation: Int64? {
            get { presentationTicks == Self.missing ? nil : presentationTicks }
            set { presentationTicks = newValue ?? Self.missing }
        }

        /// Decoding time in ticks; nil where the container has none.
        package var decoding: Int64? {
            get { decodingTicks == Self.missing ? nil : decodingTicks }
            set { decodingTicks = newValue ?? Self.missing }
        }
    }
}

extension FrameIndex {
    /// With a time for every picture: a stream that has none is numbered from the picture's start on, a frame a tick.
    package func clocked(_ video: VideoTrackInfo) -> FrameIndex {
        guard video.access == .numbered else { return self }
        var clocked = FrameIndex(timeBase: video.frameRate.reciprocal, packets: packets)
        var number: Int64 = 0
        for place in packets.indices where packets[place].isShown {
            clocked.packets[place].presentation = number
            number += 1
        }
        return clocked
    }
}
