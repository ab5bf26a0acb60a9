import Formats
import MediaModel

/// A track whose chunks have been joined in the staging folder: every file of it was read, and is what its record says.
struct SegmentedTrack {
    var description: SampleDescription
    var segments: [SegmentFact]
    /// The frames of each of `segments`.
    var coded: [RateCheck.CodedSegment]

    var timescale: Int64 { description.timescale }
    /// What each segment weighs as a file, container included.
    var weights: [BitRate.Weight] { segments.map { BitRate.Weight(bits: $0.bytes * 8, duration: $0.duration) } }

    /// Links all segments of all chunks into `path` of the staging folder.
    ///
    /// - Throws: `mismatch` where the init segments of two chunks differ, numbers or times do not go on over a join, or a file is not what
    ///   its record says.
    static func join(
        _ chunks: [TrackInput], as path: String, in staging: inout StagingFolder
    ) throws(PackagingError) -> SegmentedTrack {
        guard let first = chunks.first else { throw PackagingError(.mismatch, path, "has no chunks") }
        try staging.makeFolder(path)
        let initSegment = try staging.linkMeasured("\(first.folder)/init.mp4", as: "\(path)/init.mp4")
        let description = try PackagingError.reading { () throws(FormatError) in
            try SampleDescription.read(initSegment: initSegment, name: "\(path)/init.mp4")
        }
        var track = SegmentedTrack(description: description, segments: [], coded: [])
        for (index, chunk) in chunks.enumerated() {
            if index > 0 {
                guard try Files.read("\(chunk.folder)/init.mp4") == initSegment else {
                    throw PackagingError(
                        .mismatch, path,
                        "the init segments of chunks 1 and \(index + 1) differ; a sample description must not depend on its chunk"
                    )
                }
            }
            guard chunk.record.timescale == description.timescale else {
                throw PackagingError(
                    .mismatch, path,
                    "chunk \(index + 1) counts \(chunk.record.timescale) ticks a second, its init segment \(description.timescale)")
            }
            for fact in chunk.record.segments {
                let coded = try track.checked(fact, in: chunk.folder, path: path)
                let name = "\(SegmentFact.stem(fact.number)).m4s"
                try staging.link("\(chunk.folder)/\(name)", as: "\(path)/\(name)", bytes: fact.bytes, sha256: fact.sha256)
                track.segments.append(fact)
                track.coded.append(coded)
            }
        }
        return track
    }

    /// Reads the file of the segment that comes next, and holds it against its record and its predecessor.
    private func checked(
        _ fact: SegmentFact, in folder: String, path: String
    ) throws(PackagingError) -> RateCheck.CodedSegment {
        let name = "\(path)/\(SegmentFact.stem(fact.number)).m4s"
        func demand(_ holds: Bool, _ detail: @autoclosure () -> String) throws(PackagingError) {
            if !holds { throw PackagingError(.mismatch, name, detail()) }
        }
        let expectedNumber = (segments.last?.number ?? 0) + 1
        try demand(fact.number == expectedNumber, "stands where segment \(expectedNumber) must be")
        if let last = segments.last {
            let end = last.start + last.duration
            try demand(fact.start == end, "begins at tick \(fact.start), its predecessor ends at \(end)")
        }
        let bytes = try Files.read("\(folder)/\(SegmentFact.stem(fact.number)).m4s")
        try demand(Int64(bytes.count) == fact.bytes, "has \(bytes.count) bytes, its record says \(fact.bytes)")
        try demand(Files.sha256(bytes) == fact.sha256, "has changed since its record was written (another SHA-256)")
        let fragment = try PackagingError.reading { () throws(FormatError) in
            try Fragment.read(segment: bytes, defaults: description.defaults, name: name)
        }
        try demand(fragment.sequenceNumber == fact.number, "carries the sequence number \(fragment.sequenceNumber)")
        let decodeStart = fact.start + description.decodeStart
        try demand(fragment.decodeTime == decodeStart, "begins at tick \(fragment.decodeTime), its record says \(decodeStart)")
        try demand(fragment.duration == fact.duration, "lasts \(fragment.duration) ticks, its record says \(fact.duration)")
        try demand(fragment.samples.count == fact.samples, "holds \(fragment.samples.count) frames, its record says \(fact.samples)")
        try demand(
            fragment.compositionTimes.map { $0 - description.compositionStart }.sorted()
                == fragment.decodeTimes.map { $0 - description.decodeStart },
            "does not show one frame where each is decoded: a frame is lost, doubled or shifted")
        try demand(fragment.samples.first?.isSync ?? true, "does not begin with a frame that decoding can begin with")
        return RateCheck.CodedSegment(
            frames: fragment.samples.map { BitRate.Weight(bits: Int64($0.bytes) * 8, duration: $0.duration) })
    }
}
