import Libav
import MediaModel

/// What one pass over the packets shows of a recording's clock: for every stream the runs in which its times go on as times do.
struct ClockScan {
    /// Packets of one stream, one behind the other in the file, between which the clock neither goes back nor leaves more than a gap.
    struct Run {
        /// The first packet's number in its stream, and over all streams.
        var packet: Int
        var order: Int
        /// Decoding time of the first packet, and of the last; when the last one ends. Seconds on the file's clock.
        var first: Double
        var last: Double
        var end: Double
        /// When the first picture or sample is shown, and when the last one ends. In ticks.
        var shownFrom: Int64
        var shownUntil: Int64
        /// Packets that have a time.
        var count = 1
        /// The file announces that the clock may leap where this run begins.
        var isAnnounced = false
        /// Of all streams, by their place in `tracks`, when this run began: how far their clocks had come; nil: not begun.
        var others: [Double?]

        /// With the hidden packets that came right before it.
        func behind(_ hidden: Run?) -> Run {
            guard let hidden else { return self }
            var run = self
            run.packet = hidden.packet
            run.order = hidden.order
            run.first = hidden.first
            run.shownFrom = min(hidden.shownFrom, shownFrom)
            return run
        }
    }

    struct Track {
        var stream: Int
        /// Among all tracks.
        var place: Int
        var isPicture: Bool
        var timeBase: Rational
        var runs: [Run] = []
        var packets = 0
        /// Packets that are decoded and not shown, since the last one that is.
        fileprivate var hidden: Run?

        /// How much later than before a packet may come and belong to the same run: pictures may be held.
        fileprivate var longestStep: Double { isPicture ? 1 : ClockScan.jitter }
    }

    /// Seconds by which times may contradict each other without meaning anything.
    static let jitter = 0.1
    /// Nothing real has more; a file of noise must not fill the memory.
    private static let mostRuns = 50_000
    /// Seconds; a time beyond is none.
    private static let farthest = 1e9

    private(set) var tracks: [Track]
    private var order = 0
    private var runs = 0

    /// One packet's times, in ticks of its stream's time base.
    struct Times {
        var presentation: Int64?
        var decoding: Int64?
        var duration: Int64
        var isDiscarded = false
        /// The file announces that the clock may leap before it.
        var isAnnounced = false
    }

    /// - Parameter streams: those that are in use.
    init(_ streams: [(stream: Int, isPicture: Bool, timeBase: Rational)]) {
        tracks = streams.enumerated().map { Track(stream: $1.stream, place: $0, isPicture: $1.isPicture, timeBase: $1.timeBase) }
    }

    /// True where a file has more runs than can be judged.
    var isNoise: Bool { runs >= Self.mostRuns }

    /// Takes note of the next packet in the order of the file.
    mutating func see(_ times: Times, of stream: Int) {
        order += 1
        guard let place = tracks.firstIndex(where: { $0.stream == stream }) else { return }
        let number = tracks[place].packets
        tracks[place].packets += 1
        guard let run = run(of: times, number: number, in: tracks[place].timeBase, isPicture: tracks[place].isPicture) else { return }
        if times.isDiscarded {
            // What an edit list hides comes with times that were there already; whether the clock breaks here shows behind it.
            if tracks[place].hidden == nil { tracks[place].hidden = run }
            return
        }
        let hidden = tracks[place].hidden.take()
        guard let last = tracks[place].runs.last else { return begin(run, at: place) }
        let longestStep = run.isAnnounced ? Self.jitter : tracks[place].longestStep
        let goesOn = run.first >= last.last - Self.jitter && run.first <= last.end + longestStep
        if goesOn || isNoise { return extend(with: run, at: place) }
        begin(run.behind(hidden), at: place)
    }

    /// A run of one packet; nil where the packet has no time, or one that no recording has.
    private func run(of times: Times, number: Int, in timeBase: Rational, isPicture: Bool) -> Run? {
        // Pictures are stored in another order than they are shown in, so that their presentation times go to and fro.
        guard let clock = isPicture ? times.decoding : times.decoding ?? times.presentation else { return nil }
        let shown = times.presentation ?? clock
        let tick = timeBase.approximate
        let duration = max(0, times.duration)
        guard [clock, shown, duration].allSatisfy({ abs(Double($0) * tick) < Self.farthest && $0.magnitude < 1 << 61 }) else { return nil }
        let start = Double(clock) * tick
        return Run(
            packet: number, order: order, first: start, last: start, end: start + Double(duration) * tick, shownFrom: shown,
            shownUntil: shown + duration, isAnnounced: times.isAnnounced, others: [])
    }

    private mutating func begin(_ run: Run, at place: Int) {
        runs += 1
        var begun = run
        begun.others = tracks.map { $0.runs.last?.end }
        tracks[place].runs.append(begun)
    }

    private mutating func extend(with run: Run, at place: Int) {
        let current = tracks[place].runs.count - 1
        tracks[place].runs[current].last = run.last
        tracks[place].runs[current].end = max(tracks[place].runs[current].end, run.end)
        tracks[place].runs[current].shownFrom = min(tracks[place].runs[current].shownFrom, run.shownFrom)
        tracks[place].runs[current].shownUntil = max(tracks[place].runs[current].shownUntil, run.shownUntil)
        tracks[place].runs[current].count += 1
    }
}

extension ClockScan.Track {
    func shownFrom(_ run: ClockScan.Run) -> Rational { Rational(run.shownFrom) * timeBase }
    func shownUntil(_ run: ClockScan.Run) -> Rational { Rational(run.shownUntil) * timeBase }
    /// Seconds from one packet to the next, on average; nil where a run is too short to say.
    func interval(in run: ClockScan.Run) -> Rational? {
        // A container that states no length ends a run where its last packet begins.
        let length = (Rational(run.shownUntil - run.shownFrom) * timeBase)
        return run.count > 2 && length > .zero ? length / Rational(Int64(run.count)) : nil
    }
}

extension ClockScan {
    init(_ streams: [MediaStream]) {
        self.init(streams.map { (stream: $0.index, isPicture: $0.kind == .video, timeBase: $0.timeBase) })
    }

    mutating func see(_ packet: borrowing Packet, isAnnounced: Bool) {
        see(
            Times(
                presentation: packet.presentation, decoding: packet.decoding, duration: packet.duration, isDiscarded: packet.isDiscarded,
                isAnnounced: isAnnounced),
            of: packet.stream)
    }
}
