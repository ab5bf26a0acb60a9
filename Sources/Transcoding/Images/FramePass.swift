import Libav
import MediaModel

/// Visits chosen frames of the title's grid in ascending order, and decodes as little as the source's key frames allow.
final class FramePass {
    /// One frame while it is in hand.
    struct Visit {
        /// On the grid.
        let number: Int
        /// Holds the frame; gives it in any size.
        let scaler: PictureScaler
        /// The decoder concealed something.
        let isDamaged: Bool
    }

    private let reader: PictureReader
    private let scaler: PictureScaler
    private let keyFrames: [Int]
    /// Pictures handed to the scaler so far.
    private var serial = 0

    /// - Parameter plan: with a picture.
    init(path: String, plan: AssetPlan, index: FrameIndex) throws(TranscodingError) {
        guard let picture = plan.picture, let video = plan.source.video else {
            throw TranscodingError(.unsupported, "decode '\(path)'", "it has no picture")
        }
        var tolerant = plan
        // Entering an open group of pictures makes a decoder complain about frames that nobody asked for.
        tolerant.acceptsDamage = true
        reader = try PictureReader(path: path, plan: tolerant, index: index)
        scaler = PictureScaler(picture: picture)
        keyFrames = FramePass.canSeek(plan.source, video) ? FramePass.keyFrames(index, plan) : []
    }

    /// Calls `body` once for every frame of `numbers`, in ascending order.
    /// - Parameter onProgress: told at every packet; returns false to give up.
    func forEach(
        _ numbers: Set<Int>, onProgress: () -> Bool = { true }, _ body: (Visit) throws(TranscodingError) -> Void
    ) throws(TranscodingError) {
        for stretch in FramePass.stretches(of: numbers.sorted(), keyFrames: keyFrames) {
            guard let first = stretch.first, let last = stretch.last else { continue }
            var remaining = stretch[...]
            var previous: Int?
            try reader.forEach(in: first..<last + 1, onProgress: onProgress) { number, picture, readerSerial throws(TranscodingError) in
                guard number == remaining.first else { return true }
                remaining.removeFirst()
                // The reader counts its pictures anew in every stretch; to the scaler each must be another one.
                if readerSerial != previous { serial += 1 }
                previous = readerSerial
                try scaler.take(picture, serial: serial)
                try body(Visit(number: number, scaler: scaler, isDamaged: picture.isDamaged))
                return !remaining.isEmpty
            }
        }
    }

    /// Containers in which entering at a key frame is the rule; in others each seek that lands wrong would begin at the file's start.
    private static func canSeek(_ source: SourceInfo, _ video: VideoTrackInfo) -> Bool {
        let names = source.container.split(separator: ",")
        return video.access == .seekable && (names.contains("mov") || names.contains("matroska"))
    }

    private static func keyFrames(_ index: FrameIndex, _ plan: AssetPlan) -> [Int] {
        index.packets.filter { $0.isKey && !$0.isDiscarded }.compactMap(\.presentation).map { ticks in
            Int(((Rational(ticks) * index.timeBase - plan.origin) * plan.grid.frameRate).ceiling)
        }.sorted()
    }

    /// Cuts `numbers` (ascending) where going on to the next one costs more than entering anew at the key frame before it.
    /// - Parameter keyFrames: grid frames at which decoding can begin, ascending; none where the source must be read in one go.
    static func stretches(of numbers: [Int], keyFrames: [Int]) -> [[Int]] {
        /// Frames that are decoded in the time that a seek takes.
        let seekCost = 12
        var stretches: [[Int]] = []
        var keys = keyFrames[...]
        var key = Int.min
        for number in numbers {
            while let next = keys.first, next <= number {
                key = next
                keys.removeFirst()
            }
            if let previous = stretches.last?.last, key < previous + seekCost {
                stretches[stretches.count - 1].append(number)
            } else {
                stretches.append([number])
            }
        }
        return stretches
    }
}
