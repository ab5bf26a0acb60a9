/// The bytes of a coded picture's head that a change of size or shape cannot leave alike, codec by codec: read in the pass over all
/// packets, so that a source whose size never changes costs no decoding.
enum PictureHeader {
    /// Bytes of a packet that `signature` wants to see.
    static let length = 1024

    /// - Returns: nil where this packet says nothing of its size, or the codec's heads are not known here.
    static func signature(codec: String, head: [UInt8]) -> [UInt8]? {
        switch codec {
        case "h264": units(head).flatMap { sets(in: $0, type: { Int($0 & 0x1F) }, wanted: 7, isPicture: { 1...5 ~= $0 }) }
        case "hevc": units(head).flatMap { sets(in: $0, type: { Int($0 >> 1 & 0x3F) }, wanted: 33, isPicture: { $0 < 32 }) }
        case "mpeg1video", "mpeg2video":
            // Width, height, aspect and rate; the bit rate behind them may change and mean nothing.
            startCodes(head).flatMap { sets(in: $0, type: { Int($0) }, wanted: 0xB3, isPicture: { 1...0xAF ~= $0 }) }.map {
                Array($0.prefix(5))
            }
        case "mpeg4": startCodes(head).flatMap { sets(in: $0, type: { Int($0) & 0xF0 }, wanted: 0x20, isPicture: { $0 == 0xB0 }) }
        case "vc1": startCodes(head).flatMap { sets(in: $0, type: { Int($0) }, wanted: 0x0F, isPicture: { $0 == 0x0D }) }
        case "vp8": isVP8Key(head) ? Array(head[6..<10]) : nil
        case "av1": av1Sequence(head)
        case "mjpeg": jpegSize(head)
        case "prores": head.count >= 20 ? Array(head[16..<20]) : nil
        case "png": head.count >= 24 ? Array(head[16..<24]) : nil
        case "dnxhd": head.count >= 0x1C ? Array(head[0x18..<0x1C]) : nil
        default: nil
        }
    }

    /// All units of one type that come before the first coded picture, one after the other; nil where there is none.
    private static func sets(
        in units: [ArraySlice<UInt8>], type: (UInt8) -> Int, wanted: Int, isPicture: (Int) -> Bool
    ) -> [UInt8]? {
        var found: [UInt8] = []
        for unit in units {
            guard let first = unit.first else { continue }
            if type(first) == wanted { found += unit } else if isPicture(type(first)) { break }
        }
        return found.isEmpty ? nil : found
    }

    /// NAL units, whether start codes or four bytes of length part them.
    private static func units(_ head: [UInt8]) -> [ArraySlice<UInt8>]? {
        if head.starts(with: [0, 0, 1]) || head.starts(with: [0, 0, 0, 1]) { return startCodes(head) }
        var found: [ArraySlice<UInt8>] = []
        var position = 0
        while position + 4 < head.count {
            let size = head[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = min(head.count, position + 4 + size)
            guard size > 0 else { return nil }
            found.append(head[position + 4..<end])
            position = end
        }
        return found
    }

    /// What follows each start code 00 00 01, up to the next one.
    private static func startCodes(_ head: [UInt8]) -> [ArraySlice<UInt8>]? {
        var starts: [Int] = []
        var index = 0
        while index + 2 < head.count {
            if head[index] == 0, head[index + 1] == 0, head[index + 2] == 1 {
                starts.append(index + 3)
                index += 3
            } else {
                index += 1
            }
        }
        return zip(starts, starts.dropFirst() + [head.count + 3]).map { start, next in
            var unit = head[start..<max(start, next - 3)]
            // Zeros before a start code belong to nobody.
            while unit.last == 0 { unit.removeLast() }
            return unit
        }
    }

    private static func isVP8Key(_ head: [UInt8]) -> Bool {
        head.count >= 10 && head[0] & 1 == 0 && Array(head[3..<6]) == [0x9D, 0x01, 0x2A]
    }

    /// The sequence header among the open bitstream units before the first frame (AV1 specification, 5.3).
    private static func av1Sequence(_ head: [UInt8]) -> [UInt8]? {
        var position = 0
        while position < head.count {
            let type = head[position] >> 3 & 15
            let hasExtension = head[position] & 4 != 0
            guard head[position] & 2 != 0 else { return nil }
            position += hasExtension ? 2 : 1
            var size = 0
            var shift = 0
            while position < head.count, shift < 35 {
                size |= Int(head[position] & 0x7F) << shift
                shift += 7
                position += 1
                if head[position - 1] & 0x80 == 0 { break }
            }
            let end = min(head.count, position + size)
            if type == 1 { return Array(head[min(position, end)..<end]) }
            if [3, 4, 6].contains(type) { return nil }
            position = end
        }
        return nil
    }

    /// Height and width out of the frame header (ITU-T T.81, B.2.2).
    private static func jpegSize(_ head: [UInt8]) -> [UInt8]? {
        var position = 2
        while position + 9 <= head.count, head[position] == 0xFF {
            if [0xC0, 0xC1, 0xC2].contains(head[position + 1]) { return Array(head[position + 5..<position + 9]) }
            position += 2 + Int(head[position + 2]) << 8 + Int(head[position + 3])
        }
        return nil
    }
}
