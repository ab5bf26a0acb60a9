import Formats
import MediaModel
import Transcoding

/// What of a grid shapes a track that is made whole: all but where chunks begin.
struct SegmentGrid: Codable, Hashable, Sendable {
    var frameRate: Rational
    var frames: Int
    var gopFrames: Int
    var segmentFrames: Int

    init(_ grid: Grid) {
        frameRate = grid.frameRate
        frames = grid.frames
        gopFrames = grid.gopFrames
        segmentFrames = grid.segmentFrames
    }
}

extension SegmentDressing {
    /// As every player wants it.
    static let cmaf = SegmentDressing(
        segmentType: SegmentType.box, finishInit: { InitSegment.finished($0, compositionStart: $1) })
}
