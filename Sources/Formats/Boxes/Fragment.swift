/// What the headers of one media segment say: the `moof` boxes (ISO/IEC 14496-12, 8.8) in front of the coded frames.
package struct Fragment: Hashable, Sendable {
    package struct Sample: Hashable, Sendable {
        package var bytes: Int
        /// Ticks of the track's timescale.
        package var duration: Int64
        /// Decoding can begin here.
        package var isSync: Bool
        /// Ticks from when it is decoded to when it is composed; an edit list says how much earlier that is shown.
        package var compositionOffset: Int64 = 0
    }

    /// Of the first `mfhd`.
    package var sequenceNumber: Int
    /// Of the first `tfdt`, ticks.
    package var decodeTime: Int64
    /// In decoding order.
    package var samples: [Sample]

    package var duration: Int64 { samples.reduce(0) { $0 + $1.duration } }
    /// When each sample is decoded, in ticks.
    package var decodeTimes: [Int64] {
        var next = decodeTime
        return samples.map { sample in
            defer { next += sample.duration }
            return next
        }
    }
    /// When each sample is composed, in ticks.
    package var compositionTimes: [Int64] { zip(decodeTimes, samples).map { $0 + $1.compositionOffset } }
    package var sampleBytes: Int { samples.reduce(0) { $0 + $1.bytes } }

    /// Reads a whole segment file of one track.
    ///
    /// - Parameters:
    ///   - defaults: `trex` of the track's init segment.
    ///   - name: the file, for messages.
    /// - Throws: `malformed` where the boxes are damaged, or the media data is shorter than the samples.
    package static func read(
        segment bytes: [UInt8], defaults: SampleDescription.Defaults, name: String
    ) throws(FormatError) -> Fragment {
        let reader = BoxReader(bytes, name: name)
        var fragment: Fragment?
        var mediaBytes = 0
        for top in try reader.boxes() {
            switch top.type {
            case "moof":
                let part = try FragmentHeader.read(top, of: reader, defaults: defaults)
                guard var whole = fragment else {
                    fragment = part
                    continue
                }
                let end = whole.decodeTime + whole.duration
                guard part.decodeTime == end else {
                    throw FormatError(.malformed, name, "a part of it begins at tick \(part.decodeTime), the part before ends at \(end)")
                }
                whole.samples += part.samples
                fragment = whole
            case "mdat": mediaBytes += top.payload.count
            default: break
            }
        }
        guard let fragment else { throw reader.missing("moof") }
        guard fragment.sampleBytes <= mediaBytes else {
            throw FormatError(.malformed, name, "holds \(mediaBytes) bytes of media where its samples need \(fragment.sampleBytes)")
        }
        return fragment
    }
}

/// One `moof`.
private enum FragmentHeader {
    static func read(
        _ moof: Box, of reader: BoxReader, defaults: SampleDescription.Defaults
    ) throws(FormatError) -> Fragment {
        guard let mfhd = try reader.first("mfhd", in: moof.payload) else { throw reader.missing("mfhd") }
        guard let traf = try reader.first("traf", in: moof.payload) else { throw reader.missing("traf") }
        guard let tfhd = try reader.first("tfhd", in: traf.payload) else { throw reader.missing("tfhd") }
        guard let tfdt = try reader.first("tfdt", in: traf.payload) else { throw reader.missing("tfdt") }
        var (_, _, sequence) = try reader.fullCursor(mfhd)
        let defaults = try trackDefaults(reader.fullCursor(tfhd), over: defaults)
        var (version, _, time) = try reader.fullCursor(tfdt)
        let decodeTime = try time.integer(version == 1 ? 8 : 4)
        guard let start = Int64(exactly: decodeTime) else {
            throw FormatError(.malformed, reader.name, "'tfdt' says \(decodeTime), which is a negative time written as a positive one")
        }
        var samples: [Fragment.Sample] = []
        for run in try reader.boxes(in: traf.payload) where run.type == "trun" {
            samples += try runSamples(reader.fullCursor(run), defaults: defaults)
        }
        return Fragment(sequenceNumber: try sequence.number(4), decodeTime: start, samples: samples)
    }

    /// `tfhd`, 8.8.7: each default has its flag.
    private static func trackDefaults(
        _ box: (version: UInt64, flags: UInt64, cursor: ByteCursor), over defaults: SampleDescription.Defaults
    ) throws(FormatError) -> SampleDescription.Defaults {
        var (_, flags, cursor) = box
        var result = defaults
        try cursor.skip(4)
        if flags & 0x01 != 0 { try cursor.skip(8) }
        if flags & 0x02 != 0 { try cursor.skip(4) }
        if flags & 0x08 != 0 { result.duration = Int64(try cursor.integer(4)) }
        if flags & 0x10 != 0 { result.bytes = try cursor.number(4) }
        if flags & 0x20 != 0 { result.flags = try cursor.integer(4) }
        return result
    }

    /// `trun`, 8.8.8.
    private static func runSamples(
        _ box: (version: UInt64, flags: UInt64, cursor: ByteCursor), defaults: SampleDescription.Defaults
    ) throws(FormatError) -> [Fragment.Sample] {
        var (version, flags, cursor) = box
        let count = try cursor.number(4)
        if flags & 0x01 != 0 { try cursor.skip(4) }
        let firstFlags = flags & 0x04 != 0 ? try cursor.integer(4) : nil
        var samples: [Fragment.Sample] = []
        for number in 0..<count {
            let duration = flags & 0x100 != 0 ? Int64(try cursor.integer(4)) : defaults.duration
            let bytes = flags & 0x200 != 0 ? try cursor.number(4) : defaults.bytes
            let ownFlags = flags & 0x400 != 0 ? try cursor.integer(4) : defaults.flags
            let offset = flags & 0x800 != 0 ? try cursor.integer(4) : 0
            // sample_is_non_sync_sample, 8.8.3.1
            let isSync = (number == 0 ? firstFlags ?? ownFlags : ownFlags) & 0x10000 == 0
            samples.append(
                Fragment.Sample(
                    bytes: bytes, duration: duration, isSync: isSync,
                    // Version 1 counts with a sign.
                    compositionOffset: version == 0 ? Int64(offset) : Int64(Int32(truncatingIfNeeded: offset))))
        }
        return samples
    }
}
