import Libav
import MediaModel

/// Film that a telecine has spread over the fields of video, put together again: four pictures of five.
///
/// Which of five pictures repeats another one shows only where five are counted, so the pictures are laid on the source's own rate first:
/// one that is missing is repeated, one too many is left out. So a dropped frame moves no picture that follows it.
final class FilmPictures {
    /// Frames per second of the source.
    private let rate: Rational
    private let index: FrameIndex
    private let decoded: Frame
    private var graph: FilterGraph?
    private var shape: FrameShape?
    /// Time of the picture that counting began with, in seconds on the source's clock.
    private var first: Rational?
    /// Pictures that went into the graph.
    private var counted: Int64 = 0
    /// The place of the picture in hand, until it went in.
    private var due: Int64?
    private var previous: Frame?
    private var isDraining = false
    /// The picture in hand has another shape than those in the graph, which must come out first.
    private var isChanging = false

    /// - Parameter index: with a time for every picture.
    init(video: VideoTrackInfo, index: FrameIndex) throws(LibavError) {
        rate = video.frameRate
        self.index = index
        decoded = try Frame()
    }

    /// The next picture of the film and its time in seconds on the source's clock; nil at the end, or when the reader was stopped.
    func next(from reader: SourceReader, into frame: borrowing Frame, onProgress: () -> Bool) throws(LibavError) -> Rational? {
        while true {
            if let graph, try graph.pull(into: frame) {
                return frame.presentation.map { Rational($0) * graph.outputTimeBase }
            }
            if isDraining { return nil }
            if try place() { continue }
            guard let number = try reader.next(into: decoded, onProgress: onProgress) else {
                if reader.wasStopped { return nil }
                isDraining = true
                try graph?.finish()
                continue
            }
            guard index.packets.indices.contains(number), let ticks = index.packets[number].presentation else { continue }
            let time = Rational(ticks) * index.timeBase
            let start = first ?? time
            first = start
            due = ((time - start) * rate).rounded
        }
    }

    /// Puts what is due into the graph, one picture at a time, so that nothing piles up behind a long gap.
    /// - Returns: false when nothing is due.
    private func place() throws(LibavError) -> Bool {
        guard let due else { return false }
        if counted < due, let held = try previous?.reference() {
            try push(held)
            return true
        }
        if counted > due {
            self.due = nil
            return true
        }
        if shape != decoded.shape {
            if let graph, !isChanging {
                try graph.finish()
                isChanging = true
                return true
            }
            isChanging = false
            first = first.map { $0 + Rational(counted) / rate }
            counted = 0
            self.due = 0
            try makeGraph()
        }
        try push(decoded)
        previous = try decoded.reference()
        self.due = nil
        return true
    }

    private func push(_ frame: borrowing Frame) throws(LibavError) {
        guard let first else { return }
        frame.presentation = ((first + Rational(counted) / rate) / index.timeBase).rounded
        counted += 1
        try graph?.push(frame)
    }

    private func makeGraph() throws(LibavError) {
        shape = decoded.shape
        // What no neighbour completes is deinterlaced: video titles over film.
        graph = try FilterGraph(
            PlanarFormat.prefix(of: decoded.shape)
                + "fieldmatch=order=auto:mode=pc_n:combmatch=full,bwdif=mode=send_frame:parity=auto:deint=interlaced,decimate=cycle=5",
            input: .video(decoded.shape, color: decoded.color, timeBase: index.timeBase, frameRate: rate))
    }
}
