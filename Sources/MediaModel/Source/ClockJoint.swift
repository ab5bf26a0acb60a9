/// Where the clock of a recording breaks and is followed: from one packet on, the container's times of one stream are moved, so that what
/// was recorded before and after lies one behind the other.
///
/// One break has as many joints as there are streams in use, and moves all of them by the same time.
package struct ClockJoint: Hashable, Sendable, Codable {
    /// Index of the stream in the container.
    package var stream: Int
    /// The first packet that is moved, counted from 0 over the stream's packets in the order of the file.
    package var packet: Int
    /// Added to the container's times, in ticks of the stream's time base; it takes the place of what an earlier joint added.
    package var shift: Int64

    package init(stream: Int, packet: Int, shift: Int64) {
        self.stream = stream
        self.packet = packet
        self.shift = shift
    }
}
