/// One box of an ISO base media file (ISO/IEC 14496-12, 4.2), by its place in the bytes.
package struct Box: Hashable {
    /// Four characters.
    package let type: String
    /// Header and payload.
    package let range: Range<Int>
    package let payload: Range<Int>
}

/// Finds boxes in the bytes of one file. Damaged sizes are errors, never traps.
package struct BoxReader {
    package let bytes: [UInt8]
    /// The file, for messages.
    package let name: String

    package init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    /// The boxes that fill `range`, in order; the whole file by default.
    package func boxes(in range: Range<Int>? = nil) throws(FormatError) -> [Box] {
        let range = range ?? bytes.indices
        var found: [Box] = []
        var position = range.lowerBound
        while position < range.upperBound {
            var cursor = ByteCursor(bytes, in: position..<range.upperBound, name: name)
            let shortSize = try cursor.integer(4)
            let type = try cursor.characters(4)
            let size = shortSize == 1 ? try cursor.integer(8) : shortSize == 0 ? UInt64(range.upperBound - position) : shortSize
            guard size >= UInt64(cursor.position - position), size <= UInt64(range.upperBound - position) else {
                throw FormatError(.malformed, name, "box '\(type)' at byte \(position) has the impossible size \(size)")
            }
            let end = position + Int(size)
            found.append(Box(type: type, range: position..<end, payload: cursor.position..<end))
            position = end
        }
        return found
    }

    /// The first box at the end of `path`, each a plain container in the one before; nil where there is none.
    package func first(_ path: String..., in range: Range<Int>? = nil) throws(FormatError) -> Box? {
        var place = range
        var found: Box?
        for type in path {
            found = nil
            for box in try boxes(in: place) where box.type == type {
                found = box
                break
            }
            guard let found else { return nil }
            place = found.payload
        }
        return found
    }

    /// Reads a box's payload from its first byte.
    func cursor(_ box: Box) -> ByteCursor { ByteCursor(bytes, in: box.payload, name: name) }

    /// Reads a full box's payload after its version and flags.
    func fullCursor(_ box: Box) throws(FormatError) -> (version: UInt64, flags: UInt64, cursor: ByteCursor) {
        var cursor = cursor(box)
        return (try cursor.integer(1), try cursor.integer(3), cursor)
    }

    func missing(_ what: String) -> FormatError { FormatError(.malformed, name, "has no '\(what)' box") }
}

/// Reads big-endian numbers out of a stretch of bytes; running past its end is an error.
struct ByteCursor {
    private let bytes: [UInt8]
    private let end: Int
    private let name: String
    private(set) var position: Int

    init(_ bytes: [UInt8], in range: Range<Int>, name: String) {
        self.bytes = bytes
        self.end = range.upperBound
        self.position = range.lowerBound
        self.name = name
    }

    var remaining: Int { end - position }

    mutating func integer(_ count: Int) throws(FormatError) -> UInt64 {
        try need(count)
        var value: UInt64 = 0
        for byte in bytes[position..<position + count] { value = value << 8 | UInt64(byte) }
        position += count
        return value
    }

    /// As `integer`, for what fits an `Int` on every machine: at most 4 bytes.
    mutating func number(_ count: Int) throws(FormatError) -> Int { Int(try integer(count)) }

    mutating func characters(_ count: Int) throws(FormatError) -> String {
        String(decoding: try slice(count), as: Unicode.ASCII.self)
    }

    mutating func slice(_ count: Int) throws(FormatError) -> [UInt8] {
        try need(count)
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func skip(_ count: Int) throws(FormatError) {
        try need(count)
        position += count
    }

    private func need(_ count: Int) throws(FormatError) {
        guard count >= 0, count <= remaining else {
            throw FormatError(.malformed, name, "ends at byte \(end) where \(count) more bytes than \(max(0, remaining)) are needed")
        }
    }
}
