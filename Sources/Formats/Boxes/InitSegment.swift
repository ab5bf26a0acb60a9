/// What is done to an init segment between libavformat's muxer and the disk.
package enum InitSegment {
    /// Drops what strict validators dislike in libavformat's output: `udta` (an empty metadata list, written even under `bitexact`), `meta`
    /// and `ID32` in `moov`, and the ES_ID in `esds`, which ISO/IEC 14496-14, 3.1.2 wants to be 0. All sizes are put right. Bytes that
    /// are no init segment come back unchanged: whoever reads them next says what is wrong with them.
    ///
    /// The brand is `cmfc`, whose composition offsets count from 0 and whose edit list says where presentation begins (ISO/IEC 23000-19,
    /// 7.5.13). Offsets below 0 without an edit list (`cmf2`) would say the same, but players built on FFmpeg show such video late by its
    /// deepest reordering.
    ///
    /// - Parameter compositionStart: of the first sample that is presented, in the track's ticks; presentation begins there. 0: no edit
    ///   list.
    package static func finished(_ bytes: [UInt8], compositionStart: Int64 = 0) -> [UInt8] {
        let stripped = attempt(on: bytes) { reader throws(FormatError) in try withoutUserData(reader, compositionStart) }
        return attempt(on: stripped, withStreamIdentifierZero)
    }

    private static func attempt(on bytes: [UInt8], _ step: (BoxReader) throws(FormatError) -> [UInt8]) -> [UInt8] {
        do {
            return try step(BoxReader(bytes, name: "init.mp4"))
        } catch {
            return bytes
        }
    }

    private static let unwanted: Set<String> = ["udta", "meta", "ID32"]

    /// ISO base media with 64-bit decode times, CMAF with edit lists, MP4.
    private static let fileType = box(
        "ftyp", Array("iso6".utf8), UInt32(0x200).bigEndianBytes, Array("iso6cmfcmp41".utf8))

    private static func withoutUserData(_ reader: BoxReader, _ compositionStart: Int64) throws(FormatError) -> [UInt8] {
        let file = try reader.boxes()
        guard file.contains(where: { $0.type == "moov" }) else { return reader.bytes }
        var result: [UInt8] = []
        for top in file {
            switch top.type {
            case "ftyp": result += fileType
            case "moov":
                var content: [UInt8] = []
                for child in try reader.boxes(in: top.payload) where !unwanted.contains(child.type) {
                    content += child.type == "trak" ? try track(child, of: reader, compositionStart) : Array(reader.bytes[child.range])
                }
                result += box("moov", content)
            default: result += reader.bytes[top.range]
            }
        }
        return result
    }

    /// The edit list stands between the track's header and its media (ISO/IEC 14496-12, 8.6.5).
    private static func track(_ track: Box, of reader: BoxReader, _ compositionStart: Int64) throws(FormatError) -> [UInt8] {
        guard compositionStart > 0, let mediaTime = Int32(exactly: compositionStart) else { return Array(reader.bytes[track.range]) }
        // One edit over all that follows in fragments (segment_duration 0), at the normal rate.
        let edits = box(
            "edts",
            fullBox(
                "elst", UInt32(1).bigEndianBytes, UInt32(0).bigEndianBytes, mediaTime.bigEndianBytes, UInt16(1).bigEndianBytes,
                UInt16(0).bigEndianBytes))
        var content: [UInt8] = []
        for child in try reader.boxes(in: track.payload) where child.type != "edts" {
            content += (child.type == "mdia" ? edits : []) + reader.bytes[child.range]
        }
        return box("trak", content)
    }

    /// Offsets inside `esds` do not move: only two bytes change.
    private static func withStreamIdentifierZero(_ reader: BoxReader) throws(FormatError) -> [UInt8] {
        guard let entry = try SampleEntry.first(in: reader), entry.type == "mp4a",
            let esds = try reader.first("esds", in: entry.children)
        else { return reader.bytes }
        var (_, _, cursor) = try reader.fullCursor(esds)
        guard try Descriptor.header(&cursor).tag == Descriptor.elementaryStream else { return reader.bytes }
        var bytes = reader.bytes
        bytes[cursor.position] = 0
        bytes[cursor.position + 1] = 0
        return bytes
    }
}
