/// The gzip form of a small text (RFC 1952, RFC 1951).
///
/// Ours rather than zlib's: what is published must be the same bytes whatever library a machine has, or a second run could not tell its
/// own work from another's. Fixed Huffman codes make a playlist, which is mostly repetition, about as small as the best of them do.
struct Gzip {
    private var output: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF]
    private var bits: UInt64 = 0
    private var bitCount = 0

    static func encode(_ input: [UInt8]) -> [UInt8] {
        var encoder = Gzip()
        encoder.deflate(input)
        encoder.append(crc32(input))
        encoder.append(UInt32(truncatingIfNeeded: input.count))
        return encoder.output
    }

    private static let shortest = 3
    private static let longest = 258
    private static let window = 32768
    /// Earlier places with the same three bytes that are looked at.
    private static let patience = 64

    private mutating func deflate(_ input: [UInt8]) {
        // One last block with fixed codes.
        put(0b011, 3)
        var latest: [UInt32: Int] = [:]
        var earlier = [Int](repeating: -1, count: input.count)
        var position = 0
        while position < input.count {
            let match = Self.match(input, at: position, latest, earlier)
            if match.length >= Self.shortest {
                putLength(match.length)
                putDistance(match.distance)
            } else {
                putLiteral(Int(input[position]))
            }
            for _ in 0..<max(match.length, 1) {
                if let key = Self.key(input, position) {
                    earlier[position] = latest[key] ?? -1
                    latest[key] = position
                }
                position += 1
            }
        }
        putLiteral(256)
        put(0, (8 - bitCount % 8) % 8)
    }

    private static func key(_ input: [UInt8], _ position: Int) -> UInt32? {
        guard position + 2 < input.count else { return nil }
        return UInt32(input[position]) << 16 | UInt32(input[position + 1]) << 8 | UInt32(input[position + 2])
    }

    /// The longest earlier stretch that reads the same; length 0: none.
    private static func match(
        _ input: [UInt8], at position: Int, _ latest: [UInt32: Int], _ earlier: [Int]
    ) -> (length: Int, distance: Int) {
        var best = (length: 0, distance: 0)
        guard let key = key(input, position), var candidate = latest[key] else { return best }
        let most = min(longest, input.count - position)
        for _ in 0..<patience where candidate >= 0 && position - candidate <= window {
            var length = 0
            while length < most, input[candidate + length] == input[position + length] { length += 1 }
            if length > best.length { best = (length, position - candidate) }
            candidate = earlier[candidate]
        }
        return best.length >= shortest ? best : (0, 0)
    }

    /// The fixed code of a literal or length symbol (RFC 1951, 3.2.6).
    private mutating func putLiteral(_ symbol: Int) {
        switch symbol {
        case ..<144: putCode(0x30 + symbol, 8)
        case ..<256: putCode(0x190 + symbol - 144, 9)
        case ..<280: putCode(symbol - 256, 7)
        default: putCode(0xC0 + symbol - 280, 8)
        }
    }

    /// Symbol 257 and up, with extra bits (RFC 1951, 3.2.5).
    private mutating func putLength(_ length: Int) {
        guard length < Self.longest else { return putLiteral(285) }
        let (code, extra, rest) = Self.bucket(length - Self.shortest, direct: 4)
        putLiteral(257 + code)
        put(UInt64(rest), extra)
    }

    private mutating func putDistance(_ distance: Int) {
        let (code, extra, rest) = Self.bucket(distance - 1, direct: 2)
        putCode(code, 5)
        put(UInt64(rest), extra)
    }

    /// Both tables of the format grow alike: `direct` codes for each number of extra bits, twice as many for none.
    private static func bucket(_ value: Int, direct: Int) -> (code: Int, extra: Int, rest: Int) {
        var extra = 0
        while value >> extra >= 2 * direct { extra += 1 }
        let rest = value & ((1 << extra) - 1)
        return (direct * extra + (value >> extra), extra, rest)
    }

    /// Huffman codes go out with their first bit first.
    private mutating func putCode(_ code: Int, _ length: Int) {
        var reversed: UInt64 = 0
        for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
        put(reversed, length)
    }

    private mutating func put(_ value: UInt64, _ count: Int) {
        bits |= value << bitCount
        bitCount += count
        while bitCount >= 8 {
            output.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            bitCount -= 8
        }
    }

    private mutating func append(_ value: UInt32) {
        for shift in stride(from: 0, to: 32, by: 8) { output.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    private static func crc32(_ input: [UInt8]) -> UInt32 {
        ~input.reduce(~0) { crc, byte in crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8 }
    }
}
