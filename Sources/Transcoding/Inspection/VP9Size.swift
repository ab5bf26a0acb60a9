/// Follows the size of VP9 pictures, which may change at any frame and is then often only said by pointing at an earlier one.
struct VP9Size {
    /// Width and height of the pictures in the eight reference slots.
    private var slots = [[UInt8]](repeating: [], count: 8)

    /// - Parameter head: the packet's first bytes; of a superframe the first frame counts.
    /// - Returns: the size as four bytes; nil where it cannot be told.
    mutating func take(_ head: [UInt8]) -> [UInt8]? {
        var bits = Bits(head)
        guard bits.read(2) == 2 else { return nil }
        let low = bits.read(1)
        let profile = low | bits.read(1) << 1
        if profile == 3 { _ = bits.read(1) }
        // A picture shown once more has the size it had.
        if bits.read(1) == 1 { return nil }
        let isKey = bits.read(1) == 0
        let isShown = bits.read(1) == 1
        let isResilient = bits.read(1) == 1
        var size: [UInt8] = []
        var refreshed = 0xFF
        if isKey {
            guard bits.read(24) == 0x498342 else { return nil }
            skipColor(&bits, profile)
            size = explicit(&bits)
        } else {
            let isIntraOnly = isShown ? false : bits.read(1) == 1
            if !isResilient { _ = bits.read(2) }
            if isIntraOnly {
                guard bits.read(24) == 0x498342 else { return nil }
                if profile > 0 { skipColor(&bits, profile) }
                refreshed = bits.read(8)
                size = explicit(&bits)
            } else {
                refreshed = bits.read(8)
                let references = (0..<3).map { _ in
                    let slot = bits.read(3)
                    _ = bits.read(1)
                    return slot
                }
                size = references.first { _ in bits.read(1) == 1 }.map { slots[$0] } ?? explicit(&bits)
            }
        }
        guard !bits.isOver, size.count == 4 else { return nil }
        for slot in 0..<8 where refreshed >> slot & 1 == 1 { slots[slot] = size }
        return size
    }

    private func skipColor(_ bits: inout Bits, _ profile: Int) {
        if profile >= 2 { _ = bits.read(1) }
        let space = bits.read(3)
        if space != 7 {
            _ = bits.read(1)
            if profile & 1 == 1 { _ = bits.read(3) }
        } else if profile & 1 == 1 {
            _ = bits.read(1)
        }
    }

    private func explicit(_ bits: inout Bits) -> [UInt8] { [8, 8, 8, 8].map { UInt8(bits.read($0)) } }

    private struct Bits {
        private let bytes: [UInt8]
        private var position = 0
        private(set) var isOver = false

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func read(_ count: Int) -> Int {
            var value = 0
            for _ in 0..<count {
                guard position / 8 < bytes.count else {
                    isOver = true
                    return 0
                }
                value = value << 1 | Int(bytes[position / 8] >> (7 - position % 8) & 1)
                position += 1
            }
            return value
        }
    }
}
