import Libav
import MediaModel

/// The competition for the poster: frames are shown to it, the best is kept.
final class PosterChoice {
    /// Where focus can be told and noise does not look like it, in pixels of the longer side.
    private static let judgedSide = 640

    private let largest: ImagePlan.Size
    private let judged: ImagePlan.Size
    private let color: ColorTags
    private var best: (score: PosterScore, still: Still)?

    /// - Parameter color: of the scaled pictures.
    init(images: ImagePlan, color: ColorTags) {
        self.color = color
        largest = ([images.poster] + images.cards).max { $0.width * $0.height < $1.width * $1.height } ?? images.poster
        let longer = max(largest.width, largest.height)
        judged =
            longer <= Self.judgedSide
            ? largest
            : ImagePlan.Size(width: Self.even(largest.width, longer), height: Self.even(largest.height, longer))
    }

    private static func even(_ side: Int, _ longer: Int) -> Int { max(2, side * judgedSide / longer & ~1) }

    /// True while nothing better than black or blurred was shown.
    var isPoor: Bool { (best?.score.grade ?? .blank) < .good }

    /// Judges the frame; of two equals the earlier stays.
    func consider(_ visit: FramePass.Visit) throws(TranscodingError) {
        // A frame that the decoder patched up is a poster only where there is no other.
        if visit.isDamaged && best != nil { return }
        let small = try visit.scaler.scaled(to: .init(width: judged.width, height: judged.height, bitDepth: 8))
        let score = PosterScore(
            luma: small.plane(0, width: judged.width, height: judged.height), width: judged.width, height: judged.height)
        if let best, best.score >= score { return }
        let frame = try visit.scaler.scaled(to: .init(width: largest.width, height: largest.height, bitDepth: 8))
        best = (score, Still(frame: frame, meaning: PictureMeaning(color: color, hasCenteredChroma: false)))
    }

    /// The best so far, at the largest size that is wanted.
    func chosen() throws(TranscodingError) -> Still {
        guard let best else { throw TranscodingError(.damaged, "choose a poster", "no frame of the source comes out") }
        return best.still
    }

    /// Frames spread evenly over the middle of the title, where neither logos nor credits are.
    /// - Parameters:
    ///   - frames: of the whole title.
    ///   - neighbours: frames that are decoded anyway, ascending; a candidate moves to the nearest one that is closer than half a step.
    ///   - start, end: parts of the title.
    static func candidates(
        _ count: Int, frames: Int, near neighbours: [Int] = [], from start: Double = 0.05, to end: Double = 0.95
    ) -> Set<Int> {
        let first = Int(Double(frames - 1) * start)
        let span = Int(Double(frames - 1) * end) - first
        let step = max(1, span / max(1, count - 1))
        return Set(
            (0..<count).map { number in
                let place = first + span * number / max(1, count - 1)
                let nearest = neighbours.min { abs($0 - place) < abs($1 - place) }
                guard let nearest, abs(nearest - place) * 2 <= step else { return place }
                return nearest
            })
    }
}
