/// The first entry of a track's sample description (ISO/IEC 14496-12, 8.5.2), with the fields that every entry of its kind has.
struct SampleEntry {
    enum Shape: Hashable {
        /// 12.1.3: pixels.
        case visual(width: Int, height: Int)
        /// 12.2.3: as the box says; the codec's own configuration may know better.
        case audio(channels: Int, sampleRate: Int)
        case other
    }

    /// Such as `avc1`.
    let type: String
    let shape: Shape
    /// Where the boxes inside the entry stand.
    let children: Range<Int>

    /// The entry of the file's first track; nil where there is none.
    static func first(in reader: BoxReader) throws(FormatError) -> SampleEntry? {
        guard let media = try reader.first("moov", "trak", "mdia"),
            let table = try reader.first("minf", "stbl", "stsd", in: media.payload),
            let handler = try reader.first("hdlr", in: media.payload)
        else { return nil }
        var (_, _, handlerCursor) = try reader.fullCursor(handler)
        try handlerCursor.skip(4)
        let kind = try handlerCursor.characters(4)
        var (_, _, tableCursor) = try reader.fullCursor(table)
        guard try tableCursor.integer(4) > 0,
            let entry = try reader.boxes(in: tableCursor.position..<table.payload.upperBound).first
        else { return nil }
        var cursor = reader.cursor(entry)
        try cursor.skip(8)
        var shape = Shape.other
        switch kind {
        case "vide":
            try cursor.skip(16)
            shape = .visual(width: try cursor.number(2), height: try cursor.number(2))
            try cursor.skip(50)
        case "soun":
            try cursor.skip(8)
            let channels = try cursor.number(2)
            try cursor.skip(6)
            shape = .audio(channels: channels, sampleRate: try cursor.number(2))
            try cursor.skip(2)
        default: break
        }
        return SampleEntry(type: entry.type, shape: shape, children: cursor.position..<entry.payload.upperBound)
    }
}
