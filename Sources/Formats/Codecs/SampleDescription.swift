/// What an init segment says of its track: never assumed from the plan, always read from what was written.
package struct SampleDescription: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Pixels.
        case video(width: Int, height: Int)
        /// Samples per second.
        case audio(channels: Int, sampleRate: Int)
        /// Timed text.
        case text
    }

    /// `trex` (ISO/IEC 14496-12, 8.8.3): what a fragment does not say itself.
    package struct Defaults: Hashable, Sendable {
        /// Ticks.
        package var duration: Int64
        package var bytes: Int
        package var flags: UInt64

        package init(duration: Int64 = 0, bytes: Int = 0, flags: UInt64 = 0) {
            self.duration = duration
            self.bytes = bytes
            self.flags = flags
        }
    }

    /// RFC 6381, such as `avc1.640029`.
    package var codecs: String
    package var kind: Kind
    /// Ticks per second.
    package var timescale: Int64
    package var defaults: Defaults
    /// Ticks from a composition time to when it is presented, backwards: where the edit list begins (8.6.6), 0 without one.
    package var compositionStart: Int64 = 0

    /// Ticks by which the first sample is decoded later than it is presented: audio is decoded when it is composed, and the edit list takes
    /// that back; video is decoded on the clock of its presentation.
    package var decodeStart: Int64 {
        if case .audio = kind { compositionStart } else { 0 }
    }

    /// Reads an init segment of one track.
    ///
    /// - Parameter name: the file, for messages.
    /// - Throws: `malformed` where boxes are missing or damaged, or the sample entry is of a codec that is not known here.
    package static func read(initSegment bytes: [UInt8], name: String) throws(FormatError) -> SampleDescription {
        let reader = BoxReader(bytes, name: name)
        guard let mdhd = try reader.first("moov", "trak", "mdia", "mdhd") else { throw reader.missing("mdhd") }
        guard let entry = try SampleEntry.first(in: reader) else { throw reader.missing("stsd") }
        var (version, _, cursor) = try reader.fullCursor(mdhd)
        try cursor.skip(version == 1 ? 16 : 8)
        let timescale = Int64(try cursor.integer(4))
        guard timescale > 0 else { throw FormatError(.malformed, name, "'mdhd' has the timescale 0") }
        let (codecs, kind) = try codec(entry, of: reader)
        return SampleDescription(
            codecs: codecs, kind: kind, timescale: timescale, defaults: try defaults(of: reader),
            compositionStart: try editStart(of: reader))
    }

    /// `media_time` of the only edit. One that is empty, or that is followed by others, is not written here.
    private static func editStart(of reader: BoxReader) throws(FormatError) -> Int64 {
        guard let list = try reader.first("moov", "trak", "edts", "elst") else { return 0 }
        var (version, _, cursor) = try reader.fullCursor(list)
        let count = try cursor.integer(4)
        try cursor.skip(version == 1 ? 8 : 4)
        let start = version == 1 ? Int64(bitPattern: try cursor.integer(8)) : Int64(Int32(truncatingIfNeeded: try cursor.integer(4)))
        guard count == 1, start >= 0 else {
            throw FormatError(
                .malformed, reader.name, "has an edit list of \(count) edits from \(start), where one from 0 or later is allowed")
        }
        return start
    }

    private static func codec(_ entry: SampleEntry, of reader: BoxReader) throws(FormatError) -> (String, Kind) {
        func configuration(_ type: String) throws(FormatError) -> ByteCursor {
            guard let box = try reader.first(type, in: entry.children) else { throw reader.missing(type) }
            return reader.cursor(box)
        }
        switch (entry.type, entry.shape) {
        case ("avc1", .visual(let width, let height)), ("avc3", .visual(let width, let height)):
            return (try CodecString.avc(entry.type, configuration("avcC")), .video(width: width, height: height))
        case ("hvc1", .visual(let width, let height)), ("hev1", .visual(let width, let height)):
            return (try CodecString.hevc(entry.type, configuration("hvcC")), .video(width: width, height: height))
        case ("av01", .visual(let width, let height)):
            let color = try NamedColor.read(entry, of: reader)
            return (try CodecString.av1(configuration("av1C"), color: color), .video(width: width, height: height))
        case ("mp4a", .audio(let channels, let sampleRate)):
            let sound = try AudioSpecificConfig.read(configuration("esds"))
            return (
                sound.codecs,
                .audio(
                    channels: sound.channels == 0 ? channels : sound.channels,
                    sampleRate: sound.sampleRate == 0 ? sampleRate : sound.sampleRate)
            )
        case ("Opus", .audio):
            var cursor = try configuration("dOps")
            try cursor.skip(1)
            // Opus always decodes to 48 kHz; InputSampleRate is only what the encoder was given.
            return ("Opus", .audio(channels: try cursor.number(1), sampleRate: 48000))
        case ("wvtt", .other): return ("wvtt", .text)
        default: throw FormatError(.malformed, reader.name, "has a sample entry '\(entry.type)', which is no codec known here")
        }
    }

    private static func defaults(of reader: BoxReader) throws(FormatError) -> Defaults {
        guard let trex = try reader.first("moov", "mvex", "trex") else { throw reader.missing("trex") }
        var (_, _, cursor) = try reader.fullCursor(trex)
        try cursor.skip(8)
        return Defaults(
            duration: Int64(try cursor.integer(4)), bytes: try cursor.number(4), flags: try cursor.integer(4))
    }
}
