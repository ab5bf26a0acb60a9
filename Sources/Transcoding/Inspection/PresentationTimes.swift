import Libav
import MediaModel

/// Gives every picture of an index its presentation time where the file states only decoding times, or times of some pictures.
///
/// A picture is shown when the picture so many packets further on is decoded as the codec reorders: so the decoding times, in the order of
/// the file, are the presentation times in the order of showing. That keeps every gap where it is. What the file does state, stays.
struct PresentationTimes {
    /// What a picture's own headers say; see `PictureParser.Facts`.
    typealias Facts = PictureParser.Facts

    /// Packets that show a picture, by number, in the order of the file.
    private let shown: [Int]
    private let durations: [Int64]
    private let facts: [Facts?]
    private let delay: Int
    private let statesPresentation: Bool

    /// - Parameters:
    ///   - durations: in ticks, a packet each; 0 where unknown.
    ///   - facts: a packet each; none where nothing was parsed.
    ///   - delay: packets by which the codec delays pictures for reordering.
    ///   - statesPresentation: false where the container knows decoding times alone (AVI, MXF without an index); what libavformat makes of
    ///     them is a guess.
    init(_ index: FrameIndex, durations: [Int64], facts: [Facts?], delay: Int, statesPresentation: Bool = true) {
        shown = index.packets.indices.filter { index.packets[$0].isShown }
        self.durations = durations
        self.facts = facts
        self.delay = max(0, delay)
        self.statesPresentation = statesPresentation
    }

    /// Fills in what is missing. Where there is no time at all, nothing is changed.
    func fill(_ index: inout FrameIndex) {
        guard shown.contains(where: { index.packets[$0].presentation == nil }) else { return }
        let order = displayOrder(index)
        let isReordered = !zip(order, shown).allSatisfy { $0 == $1 }
        if isReordered && !statesPresentation { for number in shown { index.packets[number].presentation = nil } }
        guard let decoding = decodingTimes(of: index) else { return }
        let delay = isReordered ? max(1, delay) : 0
        var times = order.map { index.packets[$0].presentation }
        var known = times.indices.filter { times[$0] != nil }
        let frame = typicalDuration(of: decoding)
        var expected = times.indices.map { place in
            place + delay < decoding.count
                ? decoding[place + delay] : decoding[decoding.count - 1] &+ Int64(place + delay - decoding.count + 1) &* frame
        }
        // A decoding time that was worked out from a wrong one goes back: the picture follows the one before it.
        for place in expected.indices.dropFirst() where expected[place] <= expected[place - 1] {
            expected[place] = expected[place - 1] &+ max(1, durations[order[place - 1]])
        }
        // The first picture of a file that states nothing is shown with its first packet: its sound knows nothing of a decoder's delay.
        let offset = Self.median(of: known.map { (times[$0] ?? 0) &- expected[$0] }) ?? -Int64(delay) &* frame
        let liars = contradictions(times, expected: expected.map { $0 &+ offset }, known: known, frame: frame)
        for place in liars { times[place] = nil }
        known.removeAll(where: liars.contains)
        for place in times.indices where times[place] == nil { times[place] = expected[place] &+ offset }
        // The first decoding times are libavformat's guesses: what follows within a frame and a half tells better when the first is shown.
        if let first = times.first ?? nil, times.count > 1, known.first != 0, let second = times[1] {
            let duration = durations[order[0]]
            if duration > 0, second &- first > duration, second &- first < duration &* 2 { times[0] = second &- duration }
        }
        settle(&times, known: Set(known))
        for (place, number) in order.enumerated() where index.packets[number].presentation == nil || liars.contains(place) {
            index.packets[number].presentation = times[place]
            index.packets[number].isInferred = true
        }
    }

    /// Stated times that put a picture before one that is shown earlier or after one that is shown later, where nine of ten others are as
    /// expected: a remuxer's decoding time in the wrong place.
    private func contradictions(_ times: [Int64?], expected: [Int64], known: [Int], frame: Int64) -> Set<Int> {
        func isOff(_ place: Int) -> Bool { Double((times[place] ?? 0) &- expected[place]).magnitude > Double(frame) / 2 }
        let off = known.filter(isOff)
        guard !off.isEmpty, off.count * 10 <= known.count else { return [] }
        return Set(
            off.filter { place in
                let time = times[place] ?? 0
                return (place > 0 && time <= expected[place - 1]) || (place + 1 < times.count && time >= expected[place + 1])
            })
    }

    /// Of the shown packets, in the order of the file; nil where there is none. One without goes on where the one before it ends: the
    /// second
    /// picture of two that came under one time.
    private func decodingTimes(of index: FrameIndex) -> [Int64]? {
        let stated = shown.map { index.packets[$0].decoding }
        guard let first = stated.firstIndex(where: { $0 != nil }), let known = stated[first] else {
            return presentationChain(of: index)
        }
        var times: [Int64] = []
        var next = shown[..<first].reduce(known) { $0 &- durations[$1] }
        for (place, number) in shown.enumerated() {
            let time = stated[place] ?? next
            times.append(time)
            next = time &+ durations[number]
        }
        return times
    }

    /// Some presentation times and no decoding time: the pictures between follow by their durations.
    private func presentationChain(of index: FrameIndex) -> [Int64]? {
        let stated = shown.compactMap { index.packets[$0].presentation }.sorted()
        guard var time = stated.first, let first = shown.firstIndex(where: { index.packets[$0].presentation == time }) else { return nil }
        time = shown[..<first].reduce(time) { $0 &- durations[$1] }
        return shown.map { number in
            defer { time = time &+ durations[number] }
            return time
        }
    }

    /// The shown packets in the order of showing: by the numbers that pictures carry, else by kind, else as they come.
    private func displayOrder(_ index: FrameIndex) -> [Int] {
        let facts: [Facts?] = shown.map { self.facts.indices.contains($0) ? self.facts[$0] : nil }
        if facts.allSatisfy({ $0?.order != nil }) { return byNumber(facts.map { $0?.order ?? 0 }, index) }
        guard facts.contains(where: { $0?.kind == .bidirectional }) else { return shown }
        // MPEG-1, -2 and -4: a B picture is shown at once, any other when the next such one is decoded.
        var order: [Int] = []
        var held: Int?
        for (place, number) in shown.enumerated() {
            if facts[place]?.kind == .bidirectional {
                order.append(number)
            } else {
                if let held { order.append(held) }
                held = number
            }
        }
        return order + (held.map { [$0] } ?? [])
    }

    /// Numbers further below the highest one than any reordering reaches have begun anew.
    private static let reordering = 64

    private func byNumber(_ numbers: [Int], _ index: FrameIndex) -> [Int] {
        var order: [Int] = []
        var sequence: [(number: Int, packet: Int)] = []
        var highest = Int.min
        func end() { order += sequence.sorted { ($0.number, $0.packet) < ($1.number, $1.packet) }.map(\.packet) }
        for (place, packet) in shown.enumerated() {
            let number = numbers[place]
            let beginsAnew = (index.packets[packet].isKey && number <= 1) || number < highest &- Self.reordering
            if !sequence.isEmpty && beginsAnew {
                end()
                sequence = []
                highest = .min
            }
            sequence.append((number, packet))
            highest = max(highest, number)
        }
        end()
        return order
    }

    /// The median of how far apart decoding times are.
    private func typicalDuration(of decoding: [Int64]) -> Int64 {
        Self.median(of: zip(decoding, decoding.dropFirst()).map { $1 &- $0 }.filter { $0 > 0 }) ?? max(1, durations.max() ?? 1)
    }

    private static func median(of numbers: [Int64]) -> Int64? { numbers.isEmpty ? nil : numbers.sorted()[numbers.count / 2] }

    /// What was worked out never goes back behind what is shown before it, nor beyond what is stated after it.
    private func settle(_ times: inout [Int64?], known: Set<Int>) {
        var limit = Int64.max
        for place in times.indices.reversed() {
            guard let time = times[place] else { continue }
            if known.contains(place) { limit = min(limit, time) } else if time >= limit { times[place] = limit &- 1 }
        }
        var latest = Int64.min
        for place in times.indices {
            guard let time = times[place] else { continue }
            if !known.contains(place), time <= latest, latest < .max { times[place] = latest &+ 1 }
            latest = max(latest, times[place] ?? latest)
        }
    }
}
