import Libav
import MediaModel

/// The one clock that all tracks of a recording share: those of a program of a transport stream, elsewhere all of the file.
struct RecordingClock {
    let streams: Set<Int>
    private let pids: Set<Int>
    private var scan: ClockScan
    /// Of each stream, where in the file its last packet lay.
    private var places: [Int: Int64] = [:]
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
            let members = demuxer.streams.filter { group.contains($0.index) }
            return RecordingClock(streams: group, pids: Set(members.map(\.identifier)), scan: ClockScan(members))
        }
    }

    private init(streams: Set<Int>, pids: Set<Int>, scan: ClockScan) {
        self.streams = streams
        self.pids = pids
        self.scan = scan
    }

    mutating func see(_ packet: borrowing Packet, _ breaks: AnnouncedBreaks) {
        guard streams.contains(packet.stream) else { return }
        let (place, last) = (packet.position, places[packet.stream])
        var isAnnounced = false
        if place >= 0 {
            if let last, place > last { isAnnounced = breaks.announces(pids, after: last, upTo: place) }
            places[packet.stream] = max(place, last ?? 0)
        }
        scan.see(packet, isAnnounced: isAnnounced)
    }

    mutating func judge(_ demuxer: Demuxer) {
        let found = ClockJoints(scan, leaps: demuxer.clockMayLeap, guesses: demuxer.formatName.hasPrefix("matroska"))
        (joints, notes, damage) = (found.joints, found.notes, found.damage)
    }
}
