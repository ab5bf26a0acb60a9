import Libav
import MediaModel

/// The one clock that all tracks of a recording share: those of a program of a transport stream, elsewhere all of the file.
struct RecordingClock {
    let streams: Set<Int>
    private var scan: ClockScan
    private(set) var joints: [ClockJoint] = []
    private(set) var notes: [String] = []
    private(set) var damage: [String] = []

    /// - Parameter streams: pictures and audio that may be used.
    static func all(_ demuxer: Demuxer, streams: Set<Int>) -> [RecordingClock] {
        let programs = demuxer.programs.map { $0.streams.intersection(streams) }
        let loose = streams.subtracting(programs.reduce([]) { $0.union($1) })
        // Several programs may share a stream: they have one clock.
        var groups: [Set<Int>] = []
        for group in programs + [loose] where !group.isEmpty {
            let joined = groups.filter { !$0.isDisjoint(with: group) }.reduce(group) { $0.union($1) }
            groups = groups.filter { $0.isDisjoint(with: group) } + [joined]
        }
        return groups.map { group in
            RecordingClock(streams: group, scan: ClockScan(demuxer.streams.filter { group.contains($0.index) }))
        }
    }

    private init(streams: Set<Int>, scan: ClockScan) {
        self.streams = streams
        self.scan = scan
    }

    mutating func see(_ packet: borrowing Packet) {
        if streams.contains(packet.stream) { scan.see(packet) }
    }

    mutating func judge(_ demuxer: Demuxer) {
        let found = ClockJoints(scan, leaps: demuxer.clockMayLeap, guesses: demuxer.formatName.hasPrefix("matroska"))
        (joints, notes, damage) = (found.joints, found.notes, found.damage)
    }
}
