import CFFmpeg
import MediaModel

/// Moves the times of packets by what the joints of a recording say, while they are read from the file's start.
struct FollowedClock {
    private struct Track {
        /// Ascending.
        var joints: [ClockJoint]
        /// Packets that came by so far.
        var packets = 0
        /// Joints that hold already.
        var passed = 0
    }

    private var tracks: [Int: Track]

    init(_ joints: [ClockJoint]) {
        tracks = Dictionary(grouping: joints, by: \.stream).mapValues { Track(joints: $0.sorted { $0.packet < $1.packet }) }
    }

    mutating func correct(_ packet: borrowing Packet) {
        let stream = packet.stream
        guard var track = tracks[stream] else { return }
        while track.passed < track.joints.count, track.joints[track.passed].packet <= track.packets { track.passed += 1 }
        track.packets += 1
        tracks[stream] = track
        guard track.passed > 0 else { return }
        let joint = track.joints[track.passed - 1]
        packet.move(by: joint.shift)
        // A fragmented MP4 whose clock starts again has its packets marked as discarded, because their times were there before.
        if joint.packet > 0, joint.shift != 0 { packet.keep() }
    }
}
