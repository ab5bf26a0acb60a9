/// `codecs` parameters (RFC 6381) out of decoder configuration records.
enum CodecString {
    /// RFC 6381, 3.3: profile, constraints and level, straight from `avcC` (ISO/IEC 14496-15, 5.3.3.1).
    static func avc(_ entry: String, _ configuration: ByteCursor) throws(FormatError) -> String {
        var cursor = configuration
        try cursor.skip(1)
        return "\(entry)." + (try cursor.slice(3)).map { hex($0) }.joined()
    }

    /// ISO/IEC 14496-15, E.3, from `hvcC` (8.3.3.1): compatibility flags in reverse bit order, constraint bytes without trailing zeros.
    static func hevc(_ entry: String, _ configuration: ByteCursor) throws(FormatError) -> String {
        var cursor = configuration
        try cursor.skip(1)
        let profile = try cursor.number(1)
        let compatibility = UInt32(truncatingIfNeeded: try cursor.integer(4))
        var constraints = try cursor.slice(6)
        let level = try cursor.number(1)
        while constraints.last == 0 { constraints.removeLast() }
        let space = ["", "A", "B", "C"][profile >> 6]
        let tier = profile & 0x20 == 0 ? "L" : "H"
        let flags = String(reversed(compatibility), radix: 16, uppercase: true)
        return (["\(entry).\(space)\(profile & 0x1F)", flags, "\(tier)\(level)"] + constraints.map { hex($0).uppercased() })
            .joined(separator: ".")
    }

    /// AV1 Codec ISO Media File Format Binding, 5: profile, level and tier, bit depth; and colour, unless it is BT.709 4:2:0, limited.
    static func av1(_ configuration: ByteCursor, color: NamedColor?) throws(FormatError) -> String {
        var cursor = configuration
        try cursor.skip(1)
        let profile = try cursor.number(1)
        let shape = try cursor.number(1)
        let tier = shape & 0x80 == 0 ? "M" : "H"
        let depth = shape & 0x40 == 0 ? 8 : shape & 0x20 == 0 ? 10 : 12
        let short = ["av01", "\(profile >> 5)", padded(profile & 0x1F) + tier, padded(depth)]
        let monochrome = shape >> 4 & 1
        let subsampling = "\(shape >> 3 & 1)\(shape >> 2 & 1)\(shape & 3)"
        let usual = NamedColor(primaries: 1, transfer: 1, matrix: 1, isFullRange: false)
        let known = color ?? usual
        if monochrome == 0, subsampling.hasPrefix("11"), known == usual { return short.joined(separator: ".") }
        return
            (short + [
                "\(monochrome)", subsampling, padded(known.primaries), padded(known.transfer), padded(known.matrix),
                known.isFullRange ? "1" : "0",
            ]).joined(separator: ".")
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    private static func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }

    private static func reversed(_ bits: UInt32) -> UInt32 {
        (0..<32).reduce(UInt32(0)) { $0 | (bits >> UInt32($1) & 1) << UInt32(31 - $1) }
    }
}

/// The `colr` box of kind `nclx` (ISO/IEC 14496-12, 12.1.5), code points of ISO/IEC 23091-2.
struct NamedColor: Hashable {
    var primaries: Int
    var transfer: Int
    var matrix: Int
    var isFullRange: Bool

    /// nil where the entry has none, or says that it does not know.
    static func read(_ entry: SampleEntry, of reader: BoxReader) throws(FormatError) -> NamedColor? {
        guard let box = try reader.first("colr", in: entry.children) else { return nil }
        var cursor = reader.cursor(box)
        guard try cursor.characters(4) == "nclx" else { return nil }
        let color = NamedColor(
            primaries: try cursor.number(2), transfer: try cursor.number(2), matrix: try cursor.number(2),
            isFullRange: try cursor.number(1) & 0x80 != 0)
        return color.primaries == 2 || color.transfer == 2 || color.matrix == 2 ? nil : color
    }
}
