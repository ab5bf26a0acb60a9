import MediaModel

/// Decides from the runs of a recording where its clock breaks, and how the parts are put one behind the other: a pure function.
///
/// A clock breaks where the times of all streams go back, or leap ahead further than anything is held, at one place of the file. Near that
/// place the file may hold packets of both sides in any order, a stream may have ended a while before, or begin behind it. Where one
/// stream alone leaps, it has a gap if the others have gone on in the meantime; else nobody can know which of them is right.
struct ClockJoints {
    private(set) var joints: [ClockJoint] = []
    /// What was followed, for people.
    private(set) var notes: [String] = []
    /// What cannot be known.
    private(set) var damage: [String] = []

    /// Seconds by which two streams may begin or end apart at a joint.
    private static let reach = 10.0
    /// Seconds for which one stream's packets may lie behind another's that belong together with them.
    private static let interleaving = 3.0

    /// Packets of one stream that are astray for no longer than this are brought back, in seconds.
    private static let longestStray = 2.0
    /// A run has few neighbours that can be the same break.
    private static let neighbours = 8

    private var tracks: [ClockScan.Track]
    /// Seconds for which all streams together may hold still; more is a clock that leaps.
    private let longestPause: Double
    /// Of each track, the first run that is not judged yet.
    private var settled: [Int]
    /// Of each track, the first run behind the last joint.
    private var parts: [Int]
    /// Of each track, seconds on the joined clock minus those on the file's.
    private var shifts: [Rational]

    /// Seconds by which a picture's decoding times must go back to be a break by themselves.
    private let pictureJitter: Double

    /// - Parameters:
    ///   - leaps: the container's clock may leap by design, as broadcasts' do.
    ///   - guesses: the container has presentation times alone, and libavformat's decoding times are wrong for a while behind a break.
    init(_ scan: ClockScan, leaps: Bool, guesses: Bool) {
        tracks = scan.tracks.filter { !$0.runs.isEmpty }
        pictureJitter = guesses ? 1 : ClockScan.jitter
        longestPause = leaps ? 10 : tracks.count > 1 ? 60 : 600
        settled = tracks.map { _ in 1 }
        parts = tracks.map { _ in 0 }
        shifts = tracks.map { _ in .zero }
        guard !scan.isNoise else {
            damage = ["its clock jumps to and fro: no order can be found in its times"]
            return
        }
        let breaks = tracks.indices.flatMap { track in
            tracks[track].runs.indices.dropFirst().filter { isBreak(track, $0) }.map { (track: track, run: $0) }
        }
        for place in breaks.sorted(by: { run($0).order < run($1).order }) where place.run >= settled[place.track] { judge(place) }
        notes = ClockJoints.shortened(notes)
        damage = ClockJoints.shortened(damage)
    }

    private typealias Place = (track: Int, run: Int)

    private func run(_ place: Place) -> ClockScan.Run { tracks[place.track].runs[place.run] }
    private func before(_ place: Place) -> ClockScan.Run { tracks[place.track].runs[place.run - 1] }

    /// More than the end of a packet of audio that was lost.
    private func isBreak(_ track: Int, _ number: Int) -> Bool {
        let (last, next) = (tracks[track].runs[number - 1], tracks[track].runs[number])
        let jitter = tracks[track].isPicture ? pictureJitter : ClockScan.jitter
        return next.first < last.last - jitter || next.first > last.end + (next.isAnnounced ? ClockScan.jitter : 1)
    }

    // MARK: One break

    /// What another stream does where one breaks.
    private enum Answer {
        /// It breaks as well: its new part begins with this run.
        case breaks(Int)
        /// It has nothing more, or nothing before this run: `next` is the first run behind the joint, if any.
        case absent(next: Int?)
        /// It goes on.
        case goesOn
    }

    private mutating func judge(_ place: Place) {
        let answers = tracks.indices.map { $0 == place.track ? .breaks(place.run) : answer(of: $0, at: place) }
        let goesBack = run(place).first < before(place).last
        let isAlone = answers.contains { if case .goesOn = $0 { true } else { false } }
        if isAlone {
            guard goesBack || isAstray(place) else { return }
            return bringBack(place) ? () : contradict(place)
        }
        let pause = pause(at: place, answers)
        // A recorder that lost its signal announces nothing; whoever splices does.
        if !goesBack, pause <= (run(place).isAnnounced ? ClockScan.jitter : longestPause) {
            for (track, answer) in answers.enumerated() { if case .breaks(let number) = answer { settled[track] = number + 1 } }
            if tracks.count > 1, pause > 1 {
                notes.append(
                    "all tracks pause at \(seconds(joined(place.track, before(place)))) for \(seconds(pause)): the picture is held")
            }
            return
        }
        join(place, answers)
    }

    private func answer(of track: Int, at place: Place) -> Answer {
        let (old, new) = (before(place), run(place))
        let runs = tracks[track].runs
        // Where a clock leaps by little, two breaks that are far apart are two.
        let reach = abs(new.first - old.end) < 2 * Self.reach ? Self.interleaving : Self.reach
        /// In seconds, how far a run's beginning is from being this same break; nil where it is another.
        func distance(_ number: Int) -> Double? {
            let after = abs(runs[number].first - new.first)
            guard after <= reach else { return nil }
            guard number > 0 else { return begins(track, with: place) && after < abs(runs[0].first - old.end) ? after : nil }
            let before = abs(runs[number - 1].end - old.end)
            // A stream that had ended long before begins again with the new part.
            let isBack = runs[number].order > old.order && number > parts[track] && abs(runs[number].first - old.end) > after
            return before <= reach ? after + before : isBack ? after + reach : nil
        }
        // Of what began before the break in the file's order, the last.
        let current = lastRun(of: track, before: new.order)
        let first = settled[track] == 1 && parts[track] == 0 ? 0 : settled[track]
        let near = runs.indices.dropFirst(max(first, (current ?? 0) - Self.neighbours)).prefix(2 * Self.neighbours)
        let candidates = near.compactMap { number in distance(number).map { (number, $0) } }
        if let best = candidates.filter({ $0.0 > 0 }).min(by: { $0.1 < $1.1 }) { return .breaks(best.0) }
        if !candidates.isEmpty { return .absent(next: 0) }
        if let current {
            let position = new.others[tracks[track].place] ?? runs[current].first
            if runs[current].end - position > Self.interleaving { return .goesOn }
        }
        let next = current.map { $0 + 1 } ?? 0
        guard next < runs.count else { return .absent(next: nil) }
        let following = tracks[place.track].runs.indices.dropFirst(place.run + 1).first { isBreak(place.track, $0) }
        if let following, tracks[place.track].runs[following].order <= runs[next].order { return .absent(next: nil) }
        // It begins again later: where the new part has come to by then, or on a clock of its own.
        let expected = runs[next].others[tracks[place.track].place] ?? new.first
        return abs(runs[next].first - expected) <= Self.reach ? .absent(next: next) : .goesOn
    }

    /// A stream's very first packets may belong to the new part and lie just before the other's: by far not all of an old part's.
    private func begins(_ track: Int, with place: Place) -> Bool {
        guard let position = run(place).others[tracks[track].place] else { return true }
        let old = before(place)
        return position - tracks[track].runs[0].first <= min(1.5, (old.end - old.first) / 2)
    }

    private func lastRun(of track: Int, before order: Int) -> Int? {
        let runs = tracks[track].runs
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].order < order { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    /// Seconds from the end of all that lies before a leap to the beginning of all behind it.
    private func pause(at place: Place, _ answers: [Answer]) -> Double {
        var (end, start) = (-Double.infinity, Double.infinity)
        for (track, answer) in answers.enumerated() {
            let runs = tracks[track].runs
            switch answer {
            case .breaks(let number):
                end = max(end, runs[number - 1].end)
                start = min(start, runs[number].first)
            case .absent(let next):
                if let last = next.map({ $0 - 1 }) ?? lastRun(of: track, before: run(place).order), last >= 0 {
                    end = max(end, runs[last].end)
                }
                if let next, runs[next].order < run(place).order || next == 0 { start = min(start, runs[next].first) }
            case .goesOn: break
            }
        }
        return start - end
    }

    /// A leap ahead of one stream is a gap where the others have come as far; else its clock went astray.
    private func isAstray(_ place: Place) -> Bool {
        let new = run(place)
        let others = tracks.indices.filter { $0 != place.track }.compactMap { new.others[tracks[$0].place] }
        return new.first - before(place).end > Self.reach && !others.contains { $0 > new.first - Self.reach }
    }

    /// Brings a few packets of one stream back that went astray, where what follows them goes on as if they had not.
    private mutating func bringBack(_ place: Place) -> Bool {
        let (old, astray, track) = (before(place), run(place), tracks[place.track])
        guard place.run + 1 < track.runs.count, astray.end - astray.first <= Self.longestStray else { return false }
        let next = track.runs[place.run + 1]
        guard abs(next.first - old.end - (astray.end - astray.first)) <= 1 else { return false }
        let ticks = Int64(((old.end - astray.first) / track.timeBase.approximate).rounded())
        let shift = (shifts[place.track] / track.timeBase).rounded
        joints.append(ClockJoint(stream: track.stream, packet: astray.packet, shift: shift + ticks))
        joints.append(ClockJoint(stream: track.stream, packet: next.packet, shift: shift))
        settled[place.track] = place.run + 2
        tracks[place.track].runs[place.run].shownFrom += ticks
        tracks[place.track].runs[place.run].shownUntil += ticks
        notes.append(
            "\(name(place.track)) leaves its clock at \(seconds(joined(place.track, old))) for \(seconds(astray.end - astray.first)): "
                + "it is brought back")
        return true
    }

    // MARK: Words

    /// Seconds from the recording's beginning to a run's end, on the joined clock.
    private func joined(_ track: Int, _ run: ClockScan.Run) -> Double {
        let origin = tracks.map { $0.runs[0] }.min { $0.order < $1.order }?.first ?? 0
        return run.end + shifts[track].approximate - origin
    }

    private func seconds(_ time: Double) -> String { "\((time * 100).rounded() / 100) s" }

    private func name(_ track: Int) -> String {
        "stream \(tracks[track].stream) (\(tracks[track].isPicture ? "video" : "audio"))"
    }

    private mutating func contradict(_ place: Place) {
        let (old, new) = (before(place), run(place))
        let place = (track: place.track, at: seconds(joined(place.track, old)))
        let step = "\(new.first < old.end ? "back" : "ahead") by \(seconds(abs(new.first - old.end)))"
        let text = "the clock of \(name(place.track)) jumps \(step) at \(place.at) while the other tracks go on"
        // Half a second of what was there twice is left out, and all is in step.
        if new.first < old.end, old.end - new.first <= 0.5 { return notes.append("\(text): what overlaps is left out") }
        damage.append("\(text): which of them is right cannot be known")
    }

    private static func shortened(_ lines: [String]) -> [String] {
        lines.count <= 4 ? lines : Array(lines.prefix(3)) + ["and \(lines.count - 3) more of this kind"]
    }

    // MARK: Joining

    private mutating func join(_ place: Place, _ answers: [Answer]) {
        let at = seconds(joined(place.track, before(place)))
        let sides = answers.enumerated().map { track, answer in side(track, answer, at: place) }
        guard let shift = JointSide.shift(sides) else { return }
        notes.append(
            "the clock jumps at \(at) from \(seconds(before(place).end)) to \(seconds(run(place).first)): "
                + "what follows is put behind what came before")
        for (track, answer) in answers.enumerated() {
            guard let next = first(answer) else { continue }
            shifts[track] = shift
            settled[track] = next + 1
            parts[track] = next
            let timeBase = tracks[track].timeBase
            let packet = next == 0 ? 0 : tracks[track].runs[next].packet
            joints.append(ClockJoint(stream: tracks[track].stream, packet: packet, shift: (shift / timeBase).rounded))
        }
    }

    private func first(_ answer: Answer) -> Int? {
        switch answer {
        case .breaks(let number): number
        case .absent(let next): next
        case .goesOn: nil
        }
    }

    private func side(_ track: Int, _ answer: Answer, at place: Place) -> JointSide {
        let runs = tracks[track].runs
        let next = first(answer)
        // A track that is absent from the new part may be there again in a later one.
        let last = next.map { $0 - 1 } ?? lastRun(of: track, before: run(place).order) ?? -1
        var side = JointSide(isPicture: tracks[track].isPicture)
        if last >= 0 {
            let old = runs[min(parts[track], last)...last]
            side.end = old.map(tracks[track].shownUntil).max().map { $0 + shifts[track] }
            side.interval = old.max { $0.count < $1.count }.flatMap(tracks[track].interval)
        }
        if let next {
            // Pictures that are stored behind the first and shown before it may make a run of their own.
            let start = tracks[track].shownFrom(runs[next])
            let near = runs[next..<min(next + 4, runs.count)].map(tracks[track].shownFrom).filter { $0 >= start - .one }
            side.start = near.min() ?? start
        }
        return side
    }
}
