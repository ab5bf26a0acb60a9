/// Writes one box: size, type, payload.
package func box(_ type: String, _ payload: [UInt8]...) -> [UInt8] {
    let content = payload.joined()
    return UInt32(content.count + 8).bigEndianBytes + Array(type.utf8) + content
}

/// Writes one full box (ISO/IEC 14496-12, 4.2.2): a box whose payload begins with a version and 24 flags.
func fullBox(_ type: String, version: UInt8 = 0, flags: UInt32 = 0, _ payload: [UInt8]...) -> [UInt8] {
    box(type, [version] + flags.bigEndianBytes.dropFirst(), Array(payload.joined()))
}

extension FixedWidthInteger {
    /// Most significant byte first.
    var bigEndianBytes: [UInt8] {
        let size = Self.bitWidth / 8
        return (1...size).map { UInt8(truncatingIfNeeded: self >> Self((size - $0) * 8)) }
    }
}
