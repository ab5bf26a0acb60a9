/// Every packet of the picture, in the order of the file, from one pass without decoding: the ground that plan, chunks and seeking stand on.
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
        /// Decoded for others to refer to, never shown (an edit list cut it away).
        package var isDiscarded: Bool

        /// Sentinel for no time.
        private static let missing = Int64.min

        package init(
            presentation: Int64?, decoding: Int64?, position: Int64, byteCount: Int32, isKey: Bool, isDiscarded: Bool
        ) {
            presentationTicks = presentation ?? Self.missing
            decodingTicks = decoding ?? Self.missing
            self.position = position
            self.byteCount = byteCount
            self.isKey = isKey
            self.isDiscarded = isDiscarded
        }

        /// Presentation time in ticks; nil in raw streams.
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
