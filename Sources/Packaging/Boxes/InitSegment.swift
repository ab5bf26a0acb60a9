/// What is done to an init segment between libavformat's muxer and the disk.
package enum InitSegment {
    /// Drops what strict validators dislike in libavformat's output: `udta` (an empty metadata list, written even under `bitexact`), `meta`
    /// and `ID32` in `moov`, and the ES_ID in `esds`, which ISO/IEC 14496-14, 3.1.2 wants to be 0. All sizes are put right. Bytes that
    /// are no init segment come back unchanged: whoever reads them next says what is wrong with them.
    package static func finished(_ bytes: [UInt8]) -> [UInt8] {
        let stripped = attempt(withoutUserData, on: bytes)
        return attempt(withStreamIdentifierZero, on: stripped)
    }

    private static func attempt(_ step: (BoxReader) throws(PackagingError) -> [UInt8], on bytes: [UInt8]) -> [UInt8] {
        do {
            return try step(BoxReader(bytes, name: "init.mp4"))
        } catch {
            return bytes
        }
    }

    private static let unwanted: Set<String> = ["udta", "meta", "ID32"]

    private static func withoutUserData(_ reader: BoxReader) throws(PackagingError) -> [UInt8] {
        var result: [UInt8] = []
        for top in try reader.boxes() {
            guard top.type == "moov" else {
                result += reader.bytes[top.range]
                continue
            }
            var content: [UInt8] = []
            for child in try reader.boxes(in: top.payload) where !unwanted.contains(child.type) {
                content += reader.bytes[child.range]
            }
            result += box("moov", content)
        }
        return result
    }

    /// Offsets inside `esds` do not move: only two bytes change.
    private static func withStreamIdentifierZero(_ reader: BoxReader) throws(PackagingError) -> [UInt8] {
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
