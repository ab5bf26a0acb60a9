import MediaModel
import TestSupport

@testable import Packaging

extension WrittenTrack {
    /// Writes the segments of `range` (from 0) with the init segment into `name` of `folder`.
    func store(_ range: Range<Int>? = nil, in folder: TemporaryFolder, as name: String) throws -> TrackInput {
        let range = range ?? segments.indices
        try folder.write(initSegment, to: "\(name)/init.mp4")
        for index in range { try folder.write(segments[index], to: "\(name)/\(SegmentFact.stem(index + 1)).m4s") }
        return TrackInput(
            folder: folder.file(name),
            record: MediaRecord(
                timescale: timescale, segments: Array(facts[range]), warnings: [], initBytes: Int64(initSegment.count),
                initSHA256: Files.sha256(initSegment)))
    }
}
