/// The index as bytes, for a file of its own: some nine bytes a packet, where JSON takes a hundred and fifty.
///
/// A version byte; the time base and the count as whole numbers; then of each packet a byte of flags and its numbers as differences from
/// what the packets before it let expect; at the end a checksum. Whole numbers are written seven bits a byte, the lowest first, signed
/// ones in zigzag (0, -1, 1, -2 …).
extension FrameIndex {
    /// Raised when the same index is written as other bytes.
    private static let version: UInt8 = 2
    private static let checksumBytes = 8
    /// Flags, position and size: no packet is written in fewer.
    private static let leastPacketBytes = 3

    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let key = Flags(rawValue: 1)
        static let discarded = Flags(rawValue: 2)
        static let presentation = Flags(rawValue: 4)
        static let decoding = Flags(rawValue: 8)
        static let secondField = Flags(rawValue: 16)
        static let inferred = Flags(rawValue: 32)
        static let all: Flags = [.key, .discarded, .presentation, .decoding, .secondField, .inferred]
    }

    /// What the packets so far let expect of the next: the clock goes on as it did, and the file where the last packet ended.
    private struct Expectation {
        var decoding: Int64 = 0
        var step: Int64 = 0
        var presentation: Int64 = 0
        var position: Int64 = 0

        /// Sums wrap, because written differences may be anything.
        mutating func see(_ packet: Packet) {
            if let time = packet.decoding {
                step = time &- (decoding &- step)
                decoding = time &+ step
            }
            presentation = packet.presentation ?? presentation
            position = packet.position &+ Int64(packet.byteCount)
        }
    }

    /// The index as bytes; the same index always gives the same.
    package var encoded: [UInt8] {
        var bytes = [Self.version]
        bytes.reserveCapacity(packets.count * 10 + 64)
        bytes.append(signed: timeBase.numerator)
        bytes.append(signed: timeBase.denominator)
        bytes.append(number: UInt64(packets.count))
        var expected = Expectation()
        for packet in packets {
            var flags: Flags = packet.isKey ? .key : []
            if packet.isDiscarded { flags.insert(.discarded) }
            if packet.isSecondField { flags.insert(.secondField) }
            if packet.isInferred { flags.insert(.inferred) }
            if packet.presentation != nil { flags.insert(.presentation) }
            if packet.decoding != nil { flags.insert(.decoding) }
            bytes.append(flags.rawValue)
            if let time = packet.decoding { bytes.append(signed: time &- expected.decoding) }
            if let time = packet.presentation { bytes.append(signed: time &- (packet.decoding ?? expected.presentation)) }
            bytes.append(signed: packet.position &- expected.position)
            bytes.append(signed: Int64(packet.byteCount))
            expected.see(packet)
        }
        let checksum = Self.checksum(of: bytes, upTo: bytes.count)
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: checksum >> UInt64(shift))) }
        return bytes
    }

    /// Reads what `encoded` wrote; nil for anything else: another version, a file cut short, a changed byte.
    package init?(encoded bytes: [UInt8]) {
        let end = bytes.count - Self.checksumBytes
        guard end > 0, bytes[0] == Self.version else { return nil }
        let checksum = bytes[end...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard checksum == Self.checksum(of: bytes, upTo: end) else { return nil }
        var reader = NumberReader(bytes: bytes, offset: 1, end: end)
        guard let numerator = reader.signed(), let denominator = reader.signed(), numerator >= 0, denominator > 0,
            let count = reader.number(), count <= UInt64(end / Self.leastPacketBytes)
        else { return nil }
        var packets: [Packet] = []
        packets.reserveCapacity(Int(count))
        var expected = Expectation()
        for _ in 0..<count {
            guard let packet = reader.packet(expected) else { return nil }
            packets.append(packet)
            expected.see(packet)
        }
        guard reader.offset == end else { return nil }
        self.init(timeBase: Rational(numerator, denominator), packets: packets)
    }

    /// FNV-1a: finds every changed byte, and costs a millisecond a megabyte.
    private static func checksum(of bytes: [UInt8], upTo end: Int) -> UInt64 {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<end { sum = (sum ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return sum
    }

    private struct NumberReader {
        let bytes: [UInt8]
        var offset: Int
        let end: Int

        mutating func byte() -> UInt8? {
            guard offset < end else { return nil }
            defer { offset += 1 }
            return bytes[offset]
        }

        mutating func number() -> UInt64? {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard let byte = byte() else { return nil }
                value |= UInt64(byte & 0x7F) << shift
                if byte & 0x80 == 0 { return value }
            }
            return nil
        }

        mutating func signed() -> Int64? {
            number().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
        }

        mutating func packet(_ expected: Expectation) -> Packet? {
            guard let flags = byte().map(Flags.init(rawValue:)), Flags.all.isSuperset(of: flags) else { return nil }
            var decoding: Int64?
            var presentation: Int64?
            if flags.contains(.decoding) {
                guard let difference = signed() else { return nil }
                decoding = expected.decoding &+ difference
            }
            if flags.contains(.presentation) {
                guard let difference = signed() else { return nil }
                presentation = (decoding ?? expected.presentation) &+ difference
            }
            guard let position = signed(), let byteCount = signed().flatMap(Int32.init(exactly:)) else { return nil }
            return Packet(
                presentation: presentation, decoding: decoding, position: expected.position &+ position, byteCount: byteCount,
                isKey: flags.contains(.key), isDiscarded: flags.contains(.discarded),
                isSecondField: flags.contains(.secondField), isInferred: flags.contains(.inferred))
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    fileprivate mutating func append(signed number: Int64) { append(number: UInt64(bitPattern: number << 1 ^ number >> 63)) }
}
