/// Which of the source's pictures each output frame shows, decided from the index alone, so that the plan and every chunk of it agree.
///
/// A picture goes to the tick nearest to its time, counted from where most pictures lie between the ticks. Where jitter brings two to one
/// tick, one of them gives way to a free neighbour less than a frame from its own time: pictures are left out where there are more of them
/// than ticks.
package struct PictureSchedule: Sendable {
    /// The output frame at which each packet of the index begins to be shown, by the packet's number; `never` for those that show nothing
    /// of their own. Negative before the title begins, the count of its frames or more after its end.
    package let ticks: [Int]
    /// Packets that show a picture, in the order in which they are shown.
    package let order: [Int]
    /// Pictures of the title's stretch that no output frame shows, because others take their place.
    package let lost: Int

    /// For what shows nothing.
    package static let never = Int.min

    /// Ticks further off than this are as good as endless; differences of two of them do not overflow.
    static let reach: Int64 = 1 << 48

    /// - Parameters:
    ///   - rate: output frames per second, above 0.
    ///   - origin: source time of output frame 0, in seconds.
    ///   - frames: output frames of the title; nil where it ends with its last picture, whenever that is.
    package init(_ index: FrameIndex, rate: Rational, origin: Rational, frames: Int?) {
        let scale = TickScale(timeBase: index.timeBase, rate: rate, origin: origin)
        var shown: [(place: TickScale.Place, packet: Int)] = []
        shown.reserveCapacity(index.packets.count)
        var isSorted = true
        for (number, packet) in index.packets.enumerated() where packet.isShown {
            guard let time = packet.presentation else { continue }
            let place = scale.place(of: time, within: Self.reach)
            if let last = shown.last, place < last.place { isSorted = false }
            shown.append((place, number))
        }
        if !isSorted { shown.sort { ($0.place, $0.packet) < ($1.place, $1.packet) } }
        var seats = Seats(shown.map(\.place))
        seats.take(frames: frames.map(Int64.init))
        var ticks = [Int](repeating: Self.never, count: index.packets.count)
        for (picture, tick) in zip(shown, seats.ticks) { ticks[picture.packet] = Int(tick) }
        self.ticks = ticks
        order = shown.map(\.packet)
        lost = seats.lost(frames: frames.map(Int64.init))
    }

    /// Where in `order` the picture stands that output frame `tick` shows; nil before the first one.
    package func position(at tick: Int) -> Int? {
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if ticks[order[middle]] <= tick { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }
}

/// Gives every picture a tick of its own, as far as there are any.
private struct Seats {
    /// Ascending.
    private let places: [TickScale.Place]
    /// Ascending; equal where a picture takes the place of the one before it.
    private(set) var ticks: [Int64]

    /// Pictures in a row that may be moved off their nearest tick to make room for one: more would shift a whole film for it.
    private static let patience = 8

    init(_ places: [TickScale.Place]) {
        self.places = places
        ticks = []
        ticks.reserveCapacity(places.count)
    }

    mutating func take(frames: Int64?) {
        let phase = Self.phase(of: places)
        var moved = 0
        for place in places {
            let wanted = place.nearest(phase: phase)
            guard let previous = ticks.last, wanted <= previous else {
                ticks.append(wanted)
                moved = 0
                continue
            }
            if previous < place.ceiling, moved < Self.patience {
                ticks.append(previous + 1)
                moved += 1
            } else {
                // Those before make room, or the one before is not seen.
                _ = moveEarlier()
                ticks.append(previous)
                moved = 0
            }
        }
        if let frames { keepLast(within: frames) }
    }

    /// The source's last picture may begin in the title's last half frame, and round to its end.
    private mutating func keepLast(within frames: Int64) {
        guard isBeyondEnd(frames), let last = ticks.popLast() else { return }
        let isFree = ticks.last.map { $0 < frames - 1 } ?? true || moveEarlier()
        ticks.append(isFree ? frames - 1 : last)
    }

    /// The source's last picture begins before the title's end, and is shown at it or later.
    private func isBeyondEnd(_ frames: Int64) -> Bool {
        guard let last = ticks.last, let place = places.last else { return false }
        return last >= frames && place.floor < frames
    }

    /// Frees the tick of the last picture that has one: it and those close before it go one tick earlier, where that is less than a frame
    /// from their own times.
    private mutating func moveEarlier() -> Bool {
        var first = ticks.count - 1
        for _ in 0..<Self.patience {
            // Frame 0 is never given up: what is before it is not seen.
            guard first >= 0, ticks[first] - 1 >= places[first].floor, ticks[first] != 0 else { return false }
            if first == 0 || ticks[first - 1] < ticks[first] - 1 {
                for number in first..<ticks.count { ticks[number] -= 1 }
                return true
            }
            if ticks[first - 1] == ticks[first] { return false }
            first -= 1
        }
        return false
    }

    func lost(frames: Int64?) -> Int {
        var lost = frames.map(isBeyondEnd) ?? false ? 1 : 0
        for (tick, next) in zip(ticks, ticks.dropFirst()) where tick == next && tick >= 0 && frames.map({ tick < $0 }) ?? true { lost += 1 }
        return lost
    }

    /// Where between two ticks most pictures lie, in sixteenths of a tick from the nearer one; 0 where they lie anywhere. A source at the
    /// output's own rate that begins half a tick off would else round this way and that with every bit of jitter.
    private static func phase(of places: [TickScale.Place]) -> Int64 {
        var counts = [Int](repeating: 0, count: 16)
        for place in places { counts[Int(place.sixteenth)] += 1 }
        func near(_ phase: Int) -> Int { (-3...3).reduce(0) { $0 + counts[(phase + $1 + 16) % 16] } }
        // From the nearest tick outward, so that of equals the least shift wins.
        let phases = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8]
        guard near(0) < places.count, let best = phases.max(by: { near($0) < near($1) }) else { return 0 }
        let first = phases.first { near($0) == near(best) } ?? 0
        return near(first) * 10 >= places.count * 9 ? Int64(first) : 0
    }
}
