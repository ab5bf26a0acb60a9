import Engine
import MediaModel

/// One decode of a chunk, for some of its rungs.
struct PicturePass: Hashable, Sendable {
    /// A title's place in the batch.
    var title: Int
    var chunk: Int
    /// Rung and the CPU seconds that it should take in this chunk.
    var rungs: [Rung]
    /// CPU seconds to decode the chunk: paid once a pass.
    var decode: Double

    struct Rung: Hashable, Sendable {
        var index: Int
        var seconds: Double
    }

    var seconds: Double { rungs.reduce(decode) { $0 + $1.seconds } }
}

/// Splits passes until few chunks, or unequal ones, still fill all workers to the end. Changes no byte: only who decodes what.
enum PassGrouping {
    /// More than this many passes for each worker at the end of a batch need no splitting: they even out by themselves.
    private static let tail = 16
    /// What a split must at least save of the time until the last pass ends.
    private static let gain = 0.02

    /// - Parameter passes: in the order in which they will be made; whole chunks.
    /// - Returns: the same chunks and rungs, some in several passes.
    static func split(_ passes: [PicturePass], workers: Int) -> [PicturePass] {
        let kept = passes.dropLast(tail * workers)
        var open = Array(passes.suffix(tail * workers))
        var best = schedule(open, workers: workers)
        while best.end > best.ideal * (1 + gain) {
            // Of equal ones the last: what comes first in the manifest is finished first, and gains nothing by it.
            let longest = open.indices.filter { open[$0].rungs.count > 1 }.sorted { (open[$0].seconds, $0) > (open[$1].seconds, $1) }
            // One split alone may make it worse where two help: the pieces have to fit.
            let tries = (0..<min(longest.count, 2 * max(1, workers))).map { last in
                let pieces = halved(open, Set(longest[...last]))
                return (pieces: pieces, schedule: schedule(pieces, workers: workers))
            }
            guard let next = tries.min(by: { $0.schedule.end < $1.schedule.end }), isWorthwhile(next.schedule, instead: best) else { break }
            (open, best) = (next.pieces, next.schedule)
        }
        return kept + open
    }

    /// Decoding twice costs other jobs of the machine what it saves here: the saving must be clearly more.
    private static func isWorthwhile(_ next: Schedule, instead best: Schedule) -> Bool {
        let (saved, spent) = (best.end - next.end, next.ideal - best.ideal)
        return saved > best.end * gain && saved > 2 * spent
    }

    private static func halved(_ passes: [PicturePass], _ chosen: Set<Int>) -> [PicturePass] {
        passes.enumerated().flatMap { index, pass in chosen.contains(index) ? halved(pass) : [pass] }
    }

    /// Two passes of nearly equal cost: the dearest rung first, each into the lighter half.
    private static func halved(_ pass: PicturePass) -> [PicturePass] {
        var halves = [pass, pass]
        halves[0].rungs = []
        halves[1].rungs = []
        for rung in pass.rungs.sorted(by: { ($0.seconds, -$0.index) > ($1.seconds, -$1.index) }) {
            let lighter = halves[0].seconds <= halves[1].seconds ? 0 : 1
            halves[lighter].rungs.append(rung)
        }
        return halves.filter { !$0.rungs.isEmpty }.map { half in
            var half = half
            half.rungs.sort { $0.index < $1.index }
            return half
        }
    }

    /// When the last worker ends, and when all would if the work were spread evenly.
    private struct Schedule {
        var end: Double
        var ideal: Double
    }

    /// As `TaskGraph` begins them, each by the worker that is free first: one after another, at the end the longest first.
    private static func schedule(_ passes: [PicturePass], workers: Int) -> Schedule {
        let seconds = passes.map(\.seconds)
        var loads = Array(repeating: 0.0, count: max(1, workers))
        var left = seconds.reduce(0, +)
        let ideal = left / Double(loads.count)
        var isBegun = Array(repeating: false, count: passes.count)
        let byLength = passes.indices.sorted { (seconds[$0], -$0) > (seconds[$1], -$1) }
        let inOrder = passes.indices.sorted { (passes[$0].title, -seconds[$0], $0) < (passes[$1].title, -seconds[$1], $1) }
        var (first, longest) = (0, 0)
        for _ in passes {
            while isBegun[inOrder[first]] { first += 1 }
            while isBegun[byLength[longest]] { longest += 1 }
            let isEnd = seconds[byLength[longest]] * Double(loads.count) * TaskGraph.rounds >= left
            let next = isEnd ? byLength[longest] : inOrder[first]
            isBegun[next] = true
            left -= seconds[next]
            guard let lightest = loads.indices.min(by: { loads[$0] < loads[$1] }) else { continue }
            loads[lightest] += seconds[next]
        }
        return Schedule(end: loads.max() ?? 0, ideal: ideal)
    }
}
